import LinuxKernel

/// The shim's own log, its standard error: a line a remark.
enum Diagnostics {
    static func note(_ remark: String) {
        // Nobody could be told that this failed.
        try? Descriptor.standardError.writeAll("\(Timestamp.now) \(remark)\n")
    }
}
