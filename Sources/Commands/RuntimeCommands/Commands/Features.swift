internal import LinuxKernel
internal import RuntimeEngine
internal import RuntimeSpec

extension Command {
    static let features = Command("features", "show the enabled features", count: 0...0) { _ in
        let document = Features.ofThisRuntime.document(indented: true)
        try Descriptor.standardOutput.writeAll(document + [UInt8(ascii: "\n")])
        return 0
    }
}
