import Harness
import LinuxKernel
import Synchronization

/// A file of Sources or Tests, as text and without what the compiler does not read.
struct SourceFile: Sendable {
    /// From the top of the checkout.
    let path: String
    let lines: [Substring]
    /// `lines` without comments and without what stands in string literals.
    let code: [String]

    init(_ path: String) throws {
        self.path = path
        lines = try Files.read("\(checkout)/\(path)").split(separator: "\n", omittingEmptySubsequences: false)
        code = SourceFile.strip(lines)
    }

    private static let cache = Mutex<[String: SourceFile]>([:])

    private static func cached(_ path: String) throws -> SourceFile {
        if let file = cache.withLock({ $0[path] }) { return file }
        let file = try SourceFile(path)
        cache.withLock { $0[path] = file }
        return file
    }

    /// All files below `folder` whose names end so.
    static func all(in folder: String, endings: [String] = [".swift"]) throws -> [SourceFile] {
        try paths(in: folder).filter { path in endings.contains { path.hasSuffix($0) } }.map(cached)
    }

    private static func paths(in folder: String) throws -> [String] {
        try Descriptor.workingDirectory.entries(of: "\(checkout)/\(folder)").flatMap { name, kind in
            kind == .directory ? try paths(in: "\(folder)/\(name)") : ["\(folder)/\(name)"]
        }.sorted()
    }

    private static func strip(_ lines: [Substring]) -> [String] {
        var isInText = false
        var isInComment = false
        return lines.map { line in
            if !isInText, !isInComment, !line.utf8.contains(where: { $0 == 0x22 || $0 == 0x2F }) { return String(line) }
            if line.contains("\"\"\"") {
                defer {
                    if line.split(separator: "\"\"\"", omittingEmptySubsequences: false).count == 2 {
                        isInText.toggle()
                    }
                }
                return isInText ? "" : String(line.prefix { $0 != "\"" })
            }
            if isInText { return "" }
            if line.contains("/*") { isInComment = true }
            defer { if line.contains("*/") { isInComment = false } }
            return isInComment ? "" : withoutTexts(line)
        }
    }

    /// `line` up to a comment, with string literals emptied.
    private static func withoutTexts(_ line: Substring) -> String {
        var kept: [UInt8] = []
        var isInText = false
        var rest = Array(line.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\""), kept.last != UInt8(ascii: "'") { isInText.toggle() }
            if isInText {
                if byte == UInt8(ascii: "\\") { rest = rest.dropFirst() }
                if byte != UInt8(ascii: "\"") { continue }
            } else if byte == UInt8(ascii: "/"), rest.first == byte {
                break
            }
            kept.append(byte)
        }
        return String(decoding: kept, as: UTF8.self)
    }

    /// What `import` lines name: the module, without a submodule or a declaration's kind.
    var imports: [(line: Int, module: String)] {
        code.enumerated().compactMap { number, line in
            guard line.contains("import ") else { return nil }
            var words = line.split { " \t".contains($0) }[...]
            words = words.drop { $0 != "import" }.dropFirst()
            if let kind = words.first, SourceFile.importedKinds.contains(kind) { words = words.dropFirst() }
            guard let module = words.first?.split(separator: ".").first else { return nil }
            return (number + 1, String(module))
        }
    }

    private static let importedKinds: Set<Substring> = [
        "struct", "class", "enum", "protocol", "func", "var", "let", "typealias",
    ]

    /// Where `word` stands in the code: the indexes of the lines. It may be part of no longer name.
    func lines(with word: String) -> [Int] {
        code.indices.filter { index in
            let line = code[index]
            guard let range = line.firstRange(of: word) else { return false }
            guard isName(word.first), range.lowerBound > line.startIndex else { return true }
            return !isName(line[line.index(before: range.lowerBound)])
        }
    }

    private func isName(_ character: Character?) -> Bool {
        character.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false
    }

    /// Whether a comment stands on line `index` or directly above it.
    func hasComment(at index: Int) -> Bool {
        lines[index].contains("//") || (index > 0 && lines[index - 1].contains("//"))
    }

    /// How many lines the body of each function, initialiser and accessor with a body of its own has.
    var functionLengths: [(name: String, line: Int, length: Int)] {
        var found: [(name: String, line: Int, length: Int)] = []
        for (index, line) in code.enumerated() {
            guard let name = declaredFunction(line), let length = bodyLength(from: index) else { continue }
            found.append((name, index + 1, length))
        }
        return found
    }

    private func declaredFunction(_ line: String) -> String? {
        if let start = line.firstRange(of: "func ") { return String(line[start.upperBound...].prefix { $0 != "(" }) }
        let words = line.split(separator: " ").drop { SourceFile.modifiers.contains($0) }
        return ["init(", "init?(", "deinit", "subscript("].first { words.first?.hasPrefix($0) ?? false }
    }

    private static let modifiers: Set<Substring> = ["public", "private", "fileprivate", "convenience", "required"]

    /// Lines between the first `{` at or after `start` and its `}`; nil for a requirement of a protocol.
    private func bodyLength(from start: Int) -> Int? {
        var depth = 0
        var opened: Int?
        for index in start..<code.count {
            for character in code[index] {
                if character == "{" {
                    depth += 1
                    opened = opened ?? index
                } else if character == "}" {
                    depth -= 1
                    if depth < 0 { return nil }
                    if depth == 0, let opened { return max(1, index - opened - 1) }
                }
            }
            if opened == nil, index > start + 6 { return nil }
        }
        return nil
    }
}
