import Testing

@testable import RegistryAPI

@Suite("Pages for people")
struct PageTests {
    @Test("what comes from outside is escaped, in text and in attributes")
    func escaping() {
        let name = #"<b class="x">'&"#
        let page: HTMLText = "<p title=\"\(name)\">\(name)</p>"
        let escaped = "&lt;b class=&quot;x&quot;&gt;&#39;&amp;"
        #expect(page.text == "<p title=\"\(escaped)\">\(escaped)</p>")
        let outer: HTMLText = "<div>\(page)</div>"
        #expect(outer.text == "<div>\(page.text)</div>")
    }

    @Test(
        "sizes are told as docker tells them",
        arguments: [(Int64(7), "7 B"), (1500, "1.5 kB"), (60_000_000, "60.0 MB")])
    func sizes(_ bytes: Int64, _ text: String) {
        #expect(ManifestRows.size(bytes) == text)
    }

    @Test("a password file has a name and bcrypt's hash a line, and says which line has not")
    func passwordFile() throws {
        let file = "# comment\nalice:$2y$05$abc\n\nbob:$2b$12$def\n"
        #expect(try PasswordFile.parse(Array(file.utf8), "users") == ["alice": "$2y$05$abc", "bob": "$2b$12$def"])
        let error = #expect(throws: AccessFileError.self) {
            try PasswordFile.parse(Array("alice:$2y$05$abc\nbob:$apr1$x".utf8), "users")
        }
        #expect(error?.description.contains("line 2") == true)
    }
}
