internal import ArgumentParser
internal import LineProtocol
internal import LinuxKernel

/// `wherryd protocol`: the catalogue of the line protocol's methods and errors, from the types that the code uses.
struct ProtocolCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "protocol", abstract: "Print the methods and errors of the line protocol.")

    @Flag(help: "Print JSON instead of a table.")
    var json = false

    func run() throws {
        let document = Catalogue.document
        let text = json ? String(decoding: Envelope.encode(document), as: UTF8.self) : Self.table(document)
        try Descriptor.standardOutput.writeAll(text + "\n")
    }

    private static func table(_ document: Catalogue.Document) -> String {
        let methods = document.connection + document.supervisor + document.shim
        let rows = methods.map { ($0.name, $0.summary) } + document.errors.map { ($0.kind, "\($0.code)") }
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { $0 + String(repeating: " ", count: width - $0.count + 2) + $1 }.joined(separator: "\n")
    }
}
