internal import ImageSpec
internal import LinuxKernel

// The instructions of a Dockerfile that `docker import --change` takes.

extension ContainerDefaults {
    /// Applies one line, such as `CMD ["sh"]` or `ENV A=b C="d e"`.
    mutating func apply(change line: String) throws(LayerError) {
        let trimmed = line.trimmed
        let keyword = trimmed.prefix { !$0.isWhitespace }.uppercased()
        let rest = String(trimmed.dropFirst(keyword.count)).trimmed
        guard !rest.isEmpty else { throw .invalidChange(line, reason: "has nothing after the instruction") }
        switch keyword {
        case "CMD": command = execForm(rest)
        case "ENTRYPOINT": entrypoint = execForm(rest)
        case "ENV": try setEnvironment(rest, line)
        case "LABEL": labels = (labels ?? [:]).merging(try Self.pairs(rest, line)) { $1 }
        case "EXPOSE": try expose(rest, line)
        case "VOLUME": volumes = ObjectKeys((volumes?.names ?? []).union(listForm(rest)))
        case "USER": user = rest
        case "WORKDIR": workingDirectory = Self.join(workingDirectory, rest)
        case "STOPSIGNAL": try setStopSignal(rest, line)
        case "ONBUILD": onBuild = (onBuild ?? []) + [rest]
        case "HEALTHCHECK": try setHealthcheck(rest, line)
        default: throw .invalidChange(line, reason: "\(keyword) cannot be changed by an import")
        }
    }

    /// `["a", "b"]` as it is; anything else is a line for the shell.
    private func execForm(_ text: String) -> [String] { Self.jsonList(text) ?? (shell ?? ["/bin/sh", "-c"]) + [text] }

    private func listForm(_ text: String) -> [String] {
        Self.jsonList(text) ?? text.split(whereSeparator: \.isWhitespace).map(String.init)
    }

    private static func jsonList(_ text: String) -> [String]? {
        guard text.hasPrefix("[") else { return nil }
        return try? decodeDocument([String].self, from: Array(text.utf8), subject: "list")
    }

    private mutating func setEnvironment(_ text: String, _ line: String) throws(LayerError) {
        var list = environment ?? []
        for (name, value) in try Self.pairs(text, line) {
            list.removeAll { $0.hasPrefix(name + "=") }
            list.append("\(name)=\(value)")
        }
        environment = list
    }

    private mutating func expose(_ text: String, _ line: String) throws(LayerError) {
        var ports = exposedPorts?.names ?? []
        for word in text.split(whereSeparator: \.isWhitespace) {
            let parts = word.split(separator: "/", omittingEmptySubsequences: false)
            let bounds = parts[0].split(separator: "-", omittingEmptySubsequences: false).map { UInt16($0) ?? 0 }
            let transport = parts.count == 2 ? parts[1].lowercased() : "tcp"
            guard let first = bounds.first, let last = bounds.last, (1...2).contains(bounds.count), first > 0,
                last >= first, parts.count <= 2, ["tcp", "udp", "sctp"].contains(transport)
            else { throw .invalidChange(line, reason: "\(word) is not PORT[-PORT][/tcp|udp|sctp]") }
            for port in first...last { ports.insert("\(port)/\(transport)") }
        }
        exposedPorts = ObjectKeys(ports)
    }

    private mutating func setStopSignal(_ text: String, _ line: String) throws(LayerError) {
        guard Signal.number(named: text) != nil else { throw .invalidChange(line, reason: "\(text) is no signal") }
        stopSignal = text
    }

    private mutating func setHealthcheck(_ text: String, _ line: String) throws(LayerError) {
        if text.uppercased() == "NONE" {
            healthcheck = Healthcheck(test: ["NONE"])
            return
        }
        let words = text.split(maxSplits: 1, whereSeparator: \.isWhitespace)
        guard words.count == 2, words[0].uppercased() == "CMD" else {
            throw .invalidChange(line, reason: "must be NONE or CMD and a command")
        }
        let command = String(words[1])
        healthcheck = Healthcheck(test: Self.jsonList(command).map { ["CMD"] + $0 } ?? ["CMD-SHELL", command])
    }

    /// A relative directory continues the one before.
    private static func join(_ base: String?, _ path: String) -> String {
        path.hasPrefix("/") ? path : (base ?? "/") + (base?.hasSuffix("/") ?? true ? "" : "/") + path
    }

    /// `A=b "C=d e"`, or the old `A b c`, which is one pair.
    private static func pairs(_ text: String, _ line: String) throws(LayerError) -> [(String, String)] {
        let words = try words(text, line)
        guard let first = words.first else { return [] }
        if !first.contains("=") {
            let parts = text.split(maxSplits: 1, whereSeparator: \.isWhitespace).map(String.init)
            guard parts.count == 2 else { throw .invalidChange(line, reason: "\(first) has no value") }
            return [(parts[0], parts[1].trimmed)]
        }
        var pairs: [(String, String)] = []
        for word in words {
            guard let equals = word.firstIndex(of: "="), equals != word.startIndex else {
                throw .invalidChange(line, reason: "\(word) is not NAME=VALUE")
            }
            pairs.append((String(word[..<equals]), String(word[word.index(after: equals)...])))
        }
        return pairs
    }

    /// Words as a Dockerfile parts them: quotes keep spaces, a backslash keeps what follows.
    private static func words(_ text: String, _ line: String) throws(LayerError) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var characters = text.makeIterator()
        while let character = characters.next() {
            switch character {
            case "\\" where quote != "'": word = (word ?? "") + (characters.next().map(String.init) ?? "\\")
            case _ where character == quote: quote = nil
            case _ where "\"'".contains(character) && quote == nil: (quote, word) = (character, word ?? "")
            case _ where character.isWhitespace && quote == nil:
                if let finished = word { words.append(finished) }
                word = nil
            default: word = (word ?? "") + String(character)
            }
        }
        guard quote == nil else { throw .invalidChange(line, reason: "a quote is not closed") }
        return words + (word.map { [$0] } ?? [])
    }
}

extension String {
    fileprivate var trimmed: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
