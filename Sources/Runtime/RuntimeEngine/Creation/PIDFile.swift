internal import LinuxKernel

/// `--pid-file`: a number, there at once as a whole.
enum PIDFile {
    static func write(_ pid: Int32, _ path: String?) throws(RuntimeError) {
        guard let path else { return }
        let temporary = path + ".new"
        try performing("--pid-file") { () throws(SystemError) in
            let here = Descriptor.workingDirectory
            let file = try here.open(temporary, [.writeOnly, .create, .truncate, .noFollow], mode: 0o644)
            try file.descriptor.writeAll("\(pid)")
            try file.close()
            try here.rename(temporary, to: path)
        }
    }
}
