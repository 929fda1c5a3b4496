internal import LineProtocol
internal import LinuxKernel
internal import RuntimeSpec

/// Who a process in a container is: `user[:group]` in docker's rules, looked up in the container's own
/// `/etc/passwd` and `/etc/group`.
struct UserDatabase: Sendable {
    private struct Account {
        let name: String
        let uid: UInt32
        let gid: UInt32
        let home: String
    }
    private struct Group {
        let name: String
        let gid: UInt32
        let members: [Substring]
    }

    private let accounts: [Account]
    private let groups: [Group]

    /// Parses passwd(5) and group(5); lines that are none are passed over.
    init(passwd: String, group: String) {
        accounts = passwd.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            guard fields.count >= 6, let uid = UInt32(fields[2]), let gid = UInt32(fields[3]) else { return nil }
            return Account(name: String(fields[0]), uid: uid, gid: gid, home: String(fields[5]))
        }
        groups = group.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            guard fields.count >= 4, let gid = UInt32(fields[2]) else { return nil }
            return Group(name: String(fields[0]), gid: gid, members: fields[3].split(separator: ","))
        }
    }

    /// Reads both files below the root filesystem that `rootfs` is, never following a link out of it. Files that are
    /// not there are empty.
    init(below rootfs: Descriptor) throws(SystemError) {
        self.init(passwd: try Self.read("etc/passwd", rootfs), group: try Self.read("etc/group", rootfs))
    }

    private static func read(_ path: String, _ rootfs: Descriptor) throws(SystemError) -> String {
        do {
            let file = try rootfs.open(
                path, [.readOnly, .nonBlocking], resolving: [.inRoot, .noMagicLinks])
            guard try file.descriptor.status().kind == .regular else { return "" }
            return String(decoding: try file.descriptor.readAll(limit: 16 << 20), as: UTF8.self)
        } catch  where [.noEntry, .notDirectory, .tooManyLinks].contains(error.errno) {
            return ""
        }
    }

    /// The user that `text` names. Names must be known; numbers need not, and are below 2³¹ (uid-overflow).
    /// `others` are further groups of it.
    func resolve(_ text: String, adding others: [String] = []) throws(ProtocolFailure) -> User {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let account = try account(parts.first ?? "")
        var user = User(uid: account.uid, gid: account.gid)
        if parts.count > 1, !parts[1].isEmpty {
            user.gid = try group(parts[1])
            user.additionalGids = [user.gid]
        } else {
            let own = groups.filter { $0.members.contains(Substring(account.name)) && !account.name.isEmpty }
            user.additionalGids = [user.gid] + own.map(\.gid)
        }
        for name in others { user.additionalGids?.append(try group(name)) }
        user.additionalGids = user.additionalGids?.uniqued()
        return user
    }

    private func account(_ text: String) throws(ProtocolFailure) -> Account {
        if text.isEmpty {
            return accounts.first { $0.uid == 0 } ?? Account(name: "root", uid: 0, gid: 0, home: "/root")
        }
        if let named = accounts.first(where: { $0.name == text }) { return named }
        guard let uid = try Self.number(text) else {
            throw ProtocolFailure(.invalidArgument, "unable to find user \(text): no matching entries in passwd file")
        }
        return accounts.first { $0.uid == uid } ?? Account(name: "", uid: uid, gid: 0, home: "/")
    }

    private func group(_ text: String) throws(ProtocolFailure) -> UInt32 {
        if let named = groups.first(where: { $0.name == text }) { return named.gid }
        guard let gid = try Self.number(text) else {
            throw ProtocolFailure(.invalidArgument, "unable to find group \(text): no matching entries in group file")
        }
        return gid
    }

    /// Nil for what is no number at all.
    private static func number(_ text: String) throws(ProtocolFailure) -> UInt32? {
        guard !text.isEmpty, text.utf8.dropFirst(text.hasPrefix("-") ? 1 : 0).allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        guard let number = Int64(text), (0..<(1 << 31)).contains(number) else {
            throw ProtocolFailure(.invalidArgument, "user or group \(text): must be between 0 and 2147483647")
        }
        return UInt32(number)
    }
}

extension Array where Element: Hashable {
    /// Without repetitions, in order.
    func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
