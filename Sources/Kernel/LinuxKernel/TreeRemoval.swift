internal import CLinux
internal import Glibc

extension Descriptor {
    /// Removes what `path` names and all below it, never crossing a symbolic link.
    /// What is not there is no error; the first other failure is thrown after all the rest was tried.
    public func removeTree(_ path: String) throws(SystemError) {
        guard let name = FileName(bytes: path.utf8) else { throw SystemError(.invalid, "remove", path) }
        try removeTree(name)
    }

    /// As ``removeTree(_:)-(String)``, for names of any encoding.
    public func removeTree(_ name: FileName) throws(SystemError) {
        if try removeSimply(name) { return }
        let top = try open(name, [.directory, .noFollow])
        var removal = TreeRemoval(top: top.descriptor)
        removal.empty(top.descriptor, depth: 0)
        while let moved = removal.nextMoved() { removal.emptyMoved(moved) }
        if let failure = removal.failure { throw failure }
        do { try removeDirectory(name) } catch { if error.errno != .noEntry { throw error } }
    }

    /// Removes a file or an empty directory; false for a directory that holds something.
    fileprivate func removeSimply(_ name: FileName) throws(SystemError) -> Bool {
        do {
            try removeFile(name)
            return true
        } catch {
            if error.errno == .noEntry { return true }
            guard error.errno == .isDirectory || error.errno == .notPermitted else { throw error }
        }
        do {
            try removeDirectory(name)
            return true
        } catch {
            if error.errno == .noEntry { return true }
            guard error.errno == .notEmpty || error.errno == .exists else { throw error }
            return false
        }
    }
}

/// Empties a tree of any depth with few descriptors and little stack, both of which a container could exhaust by
/// nesting directories: what lies too deep is first moved up to the tree's top.
private struct TreeRemoval {
    static let deepest = 64

    let top: Descriptor
    var failure: SystemError?
    private var moved: [FileName] = []
    private var count = 0

    init(top: Descriptor) { self.top = top }

    mutating func empty(_ directory: Descriptor, depth: Int) {
        do {
            for (name, _) in try directory.names() {
                do { try remove(name, in: directory, depth: depth) } catch { failure = failure ?? error }
            }
        } catch { failure = failure ?? error }
    }

    mutating func nextMoved() -> FileName? { moved.popLast() }

    mutating func emptyMoved(_ name: FileName) {
        do { try remove(name, in: top, depth: 1) } catch { failure = failure ?? error }
    }

    private mutating func remove(_ name: FileName, in directory: Descriptor, depth: Int) throws(SystemError) {
        if try directory.removeSimply(name) { return }
        if depth >= Self.deepest { return try moveUp(name, from: directory) }
        let child = try directory.open(name, [.directory, .noFollow])
        empty(child.descriptor, depth: depth + 1)
        do { try directory.removeDirectory(name) } catch {
            // The first failure below says why, and what was moved up is not in it any more.
            if error.errno != .noEntry, failure == nil { throw error }
        }
    }

    private mutating func moveUp(_ name: FileName, from directory: Descriptor) throws(SystemError) {
        while true {
            count += 1
            let newName = FileName(terminated: Array(".removing-\(count)".utf8CString))
            let answer = cl_renameat2(directory.number, name.terminated, top.number, newName.terminated, 1)
            if answer == -EEXIST { continue }
            try checked(answer, "rename", name.description)
            return moved.append(newName)
        }
    }
}
