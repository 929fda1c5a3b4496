import Harness
import Testing

@Suite("Manual pages are true")
struct ManualPageTests {
    /// A page of a program or of one of its subcommands, by its file's name: `wherry-run.1` is `wherry run`.
    struct Page: CustomTestStringConvertible {
        let file: String
        let command: [String]
        var testDescription: String { file }
    }

    /// The pages that tell of a command line; `wherry-protocol.7` tells of none.
    static let pages: [Page] = Files.names(in: "\(checkout)/man").compactMap { file in
        let name = String(file.prefix { $0 != "." })
        if file.hasSuffix(".8") { return Page(file: file, command: [name]) }
        guard file.hasSuffix(".1") else { return nil }
        let words = name.split(separator: "-", maxSplits: 1).map(String.init)
        return Page(file: file, command: words)
    }

    @Test("a page has every option of --help, and offers none that is not there", arguments: pages)
    func options(_ page: Page) throws {
        let text = plain(try Files.read("\(checkout)/man/\(page.file)"))
        let help = try helpTexts(page).joined(separator: "\n")
        for option in options(in: help) where !["--help", "--version"].contains(option) {
            #expect(options(in: text).contains(option), "\(page.file) does not tell of \(option)")
        }
        for option in options(in: entries(text)) {
            #expect(options(in: help).contains(option), "\(page.file) offers \(option), and --help does not")
        }
    }

    /// What the command's `--help` says; of wherry-runtime's and wherry-registry's one page, that of all commands.
    private func helpTexts(_ page: Page) throws -> [String] {
        let program = try Programs.ours(page.command[0])
        let own = try help(program, Array(page.command.dropFirst()))
        if page.file == "wherry-registry.8" {
            return try [own] + ["serve", "garbage-collect"].map { try help(program, [$0]) }
        }
        guard page.file == "wherry-runtime.8" else { return [own] }
        let commands = own.split(separator: "COMMANDS:")[1].split(separator: "GLOBAL")[0].split(separator: "\n")
        let names = commands.compactMap { $0.split(separator: " ").first.map(String.init) }.filter { $0 != "help" }
        return try [own] + names.map { try help(program, [$0]) }
    }

    private func help(_ program: String, _ words: [String]) throws -> String {
        try Command(program, words + ["--help"]).succeed()
    }

    /// Without roff's escapes of hyphens and fonts.
    private func plain(_ text: String) -> String {
        var text = text.replacing("\\-", with: "-")
        for font in ["\\fB", "\\fI", "\\fR", "\\fP"] { text = text.replacing(font, with: "") }
        return text
    }

    /// The tags of a list: the lines that follow `.TP`.
    private func entries(_ text: String) -> String {
        let lines = text.split(separator: "\n")
        return zip(lines, lines.dropFirst()).filter { $0.0.hasPrefix(".TP") }.map { String($0.1) }
            .joined(separator: "\n")
    }

    private func options(in text: String) -> Set<String> {
        Set(text.matches(of: /--[a-z][a-z0-9-]*/).map { String($0.output) })
    }

    @Test("wherry-protocol(7) has every method, and every word of an error with its number")
    func protocolPage() throws {
        let page = plain(try Files.read("\(checkout)/man/wherry-protocol.7"))
        for file in try SourceFile.all(in: "Sources/Protocol/LineProtocol") {
            let text = file.lines.joined(separator: "\n")
            for match in text.matches(of: /static let name = "([^"]+)"/) {
                #expect(page.contains("\n\(match.output.1)"), "no method \(match.output.1)")
            }
        }
        let failure = try Files.read("\(checkout)/Sources/Protocol/LineProtocol/ProtocolFailure.swift")
        let words = failure.matches(of: /case (\w+)(?: = "([^"]+)")?\n/)
        for match in failure.matches(of: /case \.(\w+): (-?\d+)/) {
            let word = words.first { $0.output.1 == match.output.1 }.map { $0.output.2 ?? $0.output.1 } ?? ""
            #expect(page.contains("\n\(word)\t\(match.output.2)\n"), "no error \(word) \(match.output.2)")
        }
    }
}
