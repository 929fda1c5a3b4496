extension Descriptor {
    /// write(2): how many of `bytes` were taken, at least one.
    public func write(_ bytes: ArraySlice<UInt8>) throws(SystemError) -> Int {
        let outcome: Result<Int, SystemError> = bytes.withUnsafeBytes { buffer in
            Result { () throws(SystemError) in try write(buffer) }
        }
        return try outcome.get()
    }
}
