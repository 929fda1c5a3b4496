/// Calls `body` for each of `items`, `width` of them at a time; the first failure ends the others and is thrown.
func withSeveral<Item: Sendable>(
    of items: [Item], atOnce width: Int, _ body: @escaping @Sendable (Item) async throws(RegistryClientError) -> Void
) async throws(RegistryClientError) {
    @Sendable func problem(with item: Item) async -> RegistryClientError? {
        do throws(RegistryClientError) { try await body(item) } catch { return error }
        return nil
    }
    var rest = items.dropFirst(width)
    let failure = await withTaskGroup(of: RegistryClientError?.self) { group -> RegistryClientError? in
        for item in items.prefix(width) { group.addTask { await problem(with: item) } }
        while let ended = await group.next() {
            if let ended {
                group.cancelAll()
                return ended
            }
            if let item = rest.popFirst() { group.addTask { await problem(with: item) } }
        }
        return nil
    }
    if let failure { throw failure }
}
