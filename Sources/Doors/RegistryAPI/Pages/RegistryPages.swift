internal import BlockingThreads
internal import HTTPService
internal import ImageSpec
internal import NIOHTTP1
internal import Registry

/// What the registry has, for people with a browser. Nothing here needs a script, and nothing runs one.
///
///     /                                  repositories
///     /repositories/NAME                 its tags
///     /repositories/NAME@DIGEST          a manifest: what it is made of
struct RegistryPages: HTTPService {
    private let registry: Registry
    private let threads: BlockingThreads

    init(_ registry: Registry, on threads: BlockingThreads) {
        self.registry = registry
        self.threads = threads
    }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        guard [.GET, .HEAD].contains(request.method) else {
            return HTTPResponse(.methodNotAllowed, ["allow": "GET, HEAD"])
        }
        do throws(RegistryError) {
            guard let page = try await page(request) else { return Self.failure("There is no such page.") }
            return Self.answer(.ok, page)
        } catch { return Self.failure(error.message) }
    }

    private func page(_ request: HTTPRequest) async throws(RegistryError) -> HTMLText? {
        guard let components = request.components else { return nil }
        if components == [""] { return try await repositories(after: request.query["last"]) }
        guard components.first == "repositories", components.count > 1 else { return nil }
        let place = components.dropFirst().joined(separator: "/")
        guard let at = place.firstIndex(of: "@") else {
            return try await tags(try RepositoryName(place), after: request.query["last"])
        }
        let reference = try ManifestReference(place[place.index(after: at)...])
        return try await manifest(reference, in: try RepositoryName(place[..<at]))
    }

    private func read<Value: Sendable>(_ body: @escaping @Sendable (Registry) throws(RegistryError) -> Value)
        async throws(RegistryError) -> Value
    {
        let registry = registry
        return try await threads.run { () throws(RegistryError) in try body(registry) }
    }

    // MARK: The pages

    private func repositories(after last: String?) async throws(RegistryError) -> HTMLText {
        let page = try await read { registry throws(RegistryError) in try registry.catalog(count: 100, after: last) }
        let rows = page.names.map { name -> HTMLText in "<li><a href=\"/repositories/\(name)\">\(name)</a></li>" }
        let list: HTMLText = rows.isEmpty ? "<p>Nothing was pushed yet.</p>" : "<ul>\(HTMLText.joined(rows))</ul>"
        return "<h1>Repositories</h1>\(list)\(Self.more(page, at: "/"))"
    }

    private func tags(_ name: RepositoryName, after last: String?) async throws(RegistryError) -> HTMLText {
        let (page, rows) = try await read { registry throws(RegistryError) in
            let page = try registry.tags(of: name, count: 100, after: last)
            var rows: [HTMLText] = []
            for tag in page.names {
                // Deleted meanwhile: not shown.
                guard let summary = try? registry.summary(.tag(tag), in: name) else { continue }
                rows.append(ManifestRows.row(tag: tag, summary, in: name))
            }
            return (page, rows)
        }
        let head: HTMLText = "<tr><th>Tag</th><th>Digest</th><th>Kind</th><th class=\"size\">Size</th></tr>"
        let table: HTMLText = rows.isEmpty ? "<p>No tags.</p>" : "<table>\(head)\(HTMLText.joined(rows))</table>"
        return
            "<p><a href=\"/\">Repositories</a></p><h1>\(name)</h1>\(table)\(Self.more(page, at: "/repositories/\(name)"))"
    }

    private func manifest(_ reference: ManifestReference, in name: RepositoryName) async throws(RegistryError)
        -> HTMLText
    {
        let summary = try await read { registry throws(RegistryError) in
            try registry.summary(reference, in: name)
        }
        return """
            <p><a href="/">Repositories</a> / <a href="/repositories/\(name)">\(name)</a></p>
            <h1>\(name)@\(summary.digest.short)</h1>
            \(ManifestRows.table(summary, in: name))
            """
    }

    private static func more(_ page: Page, at path: String) -> HTMLText {
        guard page.hasMore, let last = page.names.last else { return "" }
        return "<p><a rel=\"next\" href=\"\(path)?last=\(PercentEncoding.encode(last))\">More</a></p>"
    }

    // MARK: Answers

    private static func failure(_ message: String) -> HTTPResponse {
        answer(.notFound, "<h1>Not found</h1><p>\(message)</p><p><a href=\"/\">Repositories</a></p>")
    }

    private static func answer(_ status: HTTPResponseStatus, _ content: HTMLText) -> HTTPResponse {
        let page: HTMLText = """
            <!DOCTYPE html>
            <html lang="en">
            <head><meta charset="utf-8"><title>Registry</title><meta name="viewport" content="width=device-width">
            <style>\(style)</style></head>
            <body>\(content)</body>
            </html>
            """
        return HTTPResponse(
            status,
            [
                "content-type": "text/html; charset=utf-8", "x-content-type-options": "nosniff",
                "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
                "referrer-policy": "no-referrer",
            ], body: .bytes(Array(page.text.utf8)))
    }

    private static let style: HTMLText = """
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em; color: #222; }
        table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .3em .8em .3em 0;
        border-bottom: 1px solid #ddd; } .size { text-align: right; } code { font-size: .9em; word-break: break-all; }
        """
}
