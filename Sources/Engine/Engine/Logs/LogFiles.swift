internal import LinuxKernel

/// An open file of a log, with what is needed to know it again.
final class LogFile: Sendable {
    let descriptor: OwnedDescriptor
    let inode: UInt64

    /// Nil when it is not there.
    init?(opening path: String) throws(SystemError) {
        do {
            let file = try Descriptor.workingDirectory.open(path, [.readOnly, .noFollow])
            inode = try file.descriptor.status().inode
            descriptor = file
        } catch {
            guard error.errno == .noEntry else { throw error }
            return nil
        }
    }

    var size: Int64 { (try? descriptor.descriptor.status().size) ?? 0 }

    func read(at offset: Int64, upTo count: Int = 256 << 10) throws(SystemError) -> [UInt8] {
        try descriptor.descriptor.read(upTo: count, at: offset)
    }

    /// All files of the log at `path`, the oldest first: a rotation made `log.1` of `log`, `log.2` of that. One that
    /// is renamed while they are opened is taken once.
    static func all(of path: String) throws(SystemError) -> [LogFile] {
        var files: [LogFile] = []
        for number in 0..<1000 {
            guard let file = try LogFile(opening: number == 0 ? path : "\(path).\(number)") else {
                if number == 0 { continue } else { break }
            }
            if !files.contains(where: { $0.inode == file.inode }) { files.append(file) }
        }
        return files.reversed()
    }

    /// Where the last `count` records of `files` begin: a file and an offset in it.
    static func start(ofLast count: Int, in files: [LogFile]) throws(SystemError) -> (file: Int, offset: Int64) {
        var wanted = count
        for number in files.indices.reversed() {
            let (offset, found) = try files[number].start(ofLast: wanted)
            wanted -= found
            if wanted <= 0 { return (number, offset) }
        }
        return (0, 0)
    }

    /// Where the last `count` whole records of this file begin, and how many there are, at most `count`.
    private func start(ofLast count: Int) throws(SystemError) -> (offset: Int64, found: Int) {
        var end = size
        var found = 0
        var isAtEnd = true
        while end > 0 {
            let length = min(end, 64 << 10)
            let block = try read(at: end - length, upTo: Int(length))
            for place in block.indices.reversed() where block[place] == UInt8(ascii: "\n") {
                // The newline that ends the file's last record begins none.
                let next = end - length + Int64(place) + 1
                if isAtEnd {
                    isAtEnd = false
                    if count == 0 { return (next, 0) }
                    continue
                }
                found += 1
                if found == count { return (next, found) }
            }
            end -= length
        }
        return (0, isAtEnd ? 0 : found + 1)
    }
}
