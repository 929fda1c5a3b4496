internal import FuzzSubjects

/// What libFuzzer, whose `main` this program has, calls with each input: https://llvm.org/docs/LibFuzzer.html.
@c(LLVMFuzzerTestOneInput)
public func examineOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    Subjects.examine(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}
