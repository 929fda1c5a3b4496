/// A command of the runtime as a table of what it takes; `perform` does it.
///
/// swift-argument-parser would add 1.6 ms to every start of the static program (measured: 0.7 ms without, 2.3 ms with
/// it), which is more than a container's setup may cost. Hence this table and a parser of one page.
struct Command: Sendable {
    let name: String
    let summary: String
    /// `<container-id> [signal]`, as the help shows it.
    let arguments: String
    let flags: [Flag]
    /// How many arguments it takes.
    let count: ClosedRange<Int>
    /// Behind so many arguments everything is one, whatever it begins with: a program's own flags.
    let literalAfter: Int?
    let perform: @Sendable (Invocation) throws -> Int32

    init(
        _ name: String, _ summary: String, arguments: String = "", flags: [Flag] = [], count: ClosedRange<Int>,
        literalAfter: Int? = nil, perform: @escaping @Sendable (Invocation) throws -> Int32
    ) {
        self.name = name
        self.summary = summary
        self.arguments = arguments
        self.flags = flags
        self.count = count
        self.literalAfter = literalAfter
        self.perform = perform
    }
}

/// A flag by its long name, `--name` or `-name`, and perhaps a letter.
struct Flag: Sendable {
    let name: String
    let letter: Character?
    /// What its value is called in the help; nil if it takes none.
    let value: String?
    let help: String

    init(_ name: String, takes value: String? = nil, _ help: String) {
        self.init(name, letter: nil, value: value, help: help)
    }

    init(_ name: String, _ letter: Character, takes value: String? = nil, _ help: String) {
        self.init(name, letter: letter, value: value, help: help)
    }

    private init(_ name: String, letter: Character?, value: String?, help: String) {
        self.name = name
        self.letter = letter
        self.value = value
        self.help = help
    }

    func matches(_ text: some StringProtocol) -> Bool { text == name || letter.map { text == String($0) } == true }
}

/// A command line as understood.
struct Invocation {
    let program: String
    let log: Log
    let global: FlagValues
    let flags: FlagValues
    let arguments: [String]

    var root: RootDirectory { get throws { try RootDirectory(self) } }

    /// The container that most commands are about.
    var container: String { arguments[0] }
}

/// The values of flags by long name.
struct FlagValues {
    /// In the order given. There are few: a dictionary takes longer to be than all the looking here.
    private(set) var values: [(name: String, value: String)] = []

    mutating func add(_ value: String, to name: String) { values.append((name, value)) }

    private func last(_ name: String) -> String? { values.last { $0.name == name }?.value }

    func has(_ name: String) -> Bool { last(name) != nil }
    /// The last value given; nil also for an empty one, which stands for "not set".
    func text(_ name: String) -> String? { last(name).flatMap { $0.isEmpty ? nil : $0 } }
    func all(_ name: String) -> [String] { values.filter { $0.name == name }.map(\.value) }

    func isSet(_ name: String) -> Bool { last(name) == "true" }

    func number(_ name: String) throws -> Int? {
        guard let text = last(name) else { return nil }
        if let number = Int(text) { return number }
        throw UsageError("invalid value \"\(text)\" for flag -\(name): it is no number")
    }
}

/// A command line that cannot be understood.
struct UsageError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
