internal import FoundationEssentials

/// The words of a registry that refuses: distribution-spec 1.1, "Error Codes".
struct RegistryRefusal: Decodable {
    struct Item: Decodable {
        var code: String?
        var message: String?
    }
    var errors: [Item]?
    var message: String?
    var details: String?

    /// One line of what a registry, or a token server, said.
    static func reason(in bytes: [UInt8], status: Int) -> String {
        let answer = try? JSONDecoder().decode(RegistryRefusal.self, from: Data(bytes))
        let first = answer?.errors?.first
        let words = first?.message ?? first?.code ?? answer?.message ?? answer?.details ?? names[status] ?? "no reason"
        return String(
            words.unicodeScalars.prefix(200).map { $0.value < 0x20 || $0.value == 0x7f ? " " : Character($0) })
    }

    private static let names = [
        400: "bad request", 401: "unauthorized", 403: "forbidden", 404: "not found", 405: "not allowed",
        416: "range not satisfiable", 429: "too many requests", 500: "internal error", 502: "bad gateway",
        503: "unavailable", 504: "gateway timeout",
    ]
}
