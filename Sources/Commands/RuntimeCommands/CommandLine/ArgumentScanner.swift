/// Takes a command line apart: flags with one dash or two, values behind a space or `=`, `--` before what are no flags.
struct ArgumentScanner {
    private var rest: ArraySlice<String>

    init(_ arguments: [String]) { rest = arguments[...] }

    /// The flags before the command's name, and that name; nil if there is none.
    mutating func globalPart(_ flags: [Flag]) throws -> (values: FlagValues, command: String?) {
        var values = FlagValues()
        while let word = rest.popFirst() {
            guard Self.isFlag(word) else { return (values, word) }
            guard let (flag, value) = try take(word, from: flags) else { throw Self.unknown(word) }
            values.add(value, to: flag.name)
        }
        return (values, nil)
    }

    /// The rest, for `command`. Global flags are taken here too, unless the command has one of that name.
    mutating func commandPart(_ command: Command, globalFlags: [Flag], global: inout FlagValues) throws
        -> (values: FlagValues, arguments: [String])
    {
        var values = FlagValues()
        var arguments: [String] = []
        while let word = rest.popFirst() {
            if let limit = command.literalAfter, arguments.count >= limit,
                !(arguments.isEmpty && Self.asksForHelp(word))
            {
                arguments.append(word)
            } else if word == "--" {
                arguments += rest
                rest = []
            } else if !Self.isFlag(word) {
                arguments.append(word)
            } else if let (flag, value) = try take(word, from: command.flags) {
                values.add(value, to: flag.name)
            } else if let (flag, value) = try take(word, from: globalFlags) {
                global.add(value, to: flag.name)
            } else {
                throw Self.unknown(word)
            }
        }
        return (values, arguments)
    }

    private static func isFlag(_ word: String) -> Bool { word.hasPrefix("-") && word != "-" }

    private static func asksForHelp(_ word: String) -> Bool { word == "-h" || word == "--help" }

    private static func unknown(_ word: String) -> UsageError {
        let name = word.drop { $0 == "-" }.prefix { $0 != "=" }
        return UsageError("flag provided but not defined: -\(name)")
    }

    /// The flag that `word` is, and its value, which may be the next word.
    private mutating func take(_ word: String, from flags: [Flag]) throws -> (Flag, String)? {
        let text = word.dropFirst(word.hasPrefix("--") ? 2 : 1)
        let name = text.prefix { $0 != "=" }
        guard let flag = flags.first(where: { $0.matches(name) }) else { return nil }
        let given = name.endIndex < text.endIndex ? String(text[text.index(after: name.endIndex)...]) : nil
        if flag.value == nil { return (flag, try Self.truth(given ?? "true", flag)) }
        guard let value = given ?? rest.popFirst() else {
            throw UsageError("flag needs an argument: -\(name)")
        }
        return (flag, value)
    }

    /// `--flag=false` takes back what a wrapper said before.
    private static func truth(_ text: String, _ flag: Flag) throws -> String {
        switch text {
        case "1", "t", "T", "true", "TRUE", "True": return "true"
        case "0", "f", "F", "false", "FALSE", "False": return "false"
        default: throw UsageError("invalid boolean value \"\(text)\" for -\(flag.name)")
        }
    }
}
