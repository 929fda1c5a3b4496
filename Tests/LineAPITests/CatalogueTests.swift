import LineProtocol
import LinuxKernel
import Testing

@testable import LineAPI

@Suite("The supervisor's methods")
struct CatalogueTests {
    @Test("are exactly those of the catalogue")
    func methods() {
        #expect(LineAPI.methods.sorted() == Catalogue.supervisor.map { $0.name }.sorted())
    }

    @Test("have names of their own and a summary")
    func names() {
        let all = Catalogue.connection + Catalogue.supervisor + Catalogue.shim
        #expect(Set(all.map { $0.name }).count == all.count)
        #expect(all.allSatisfy { $0.summary.hasSuffix(".") })
    }

    @Test("and the kinds of errors are all in wherry-protocol(7), and no others")
    func manualPage() throws {
        let repository = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let path = "/\(repository)/man/wherry-protocol.7"
        let page = String(decoding: try Descriptor.workingDirectory.readFile(path), as: UTF8.self)
        // A method is the tag of a paragraph, `\fBname\fR`; a kind of error is a row of a table, before its code.
        let lines = page.split(separator: "\n", omittingEmptySubsequences: false).map {
            String($0).replacing("\\-", with: "-")
        }
        let methods = zip(lines, lines.dropFirst()).filter { $0.0 == ".TP" && $0.1.hasPrefix("\\fB") }
            .map { String($0.1.dropFirst(3).prefix { $0 != "\\" }) }
        let kinds = lines.map { $0.split(separator: "\t") }.filter { $0.count == 2 && Int($0[1]) != nil }
        let all = Catalogue.connection + Catalogue.supervisor + Catalogue.shim
        #expect(methods.sorted() == all.map { $0.name }.sorted())
        #expect(kinds.map { "\($0[0]) \($0[1])" } == ProtocolFailure.Kind.allCases.map { "\($0.rawValue) \($0.code)" })
    }
}
