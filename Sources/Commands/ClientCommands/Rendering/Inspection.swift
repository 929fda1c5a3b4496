internal import CommandKit
internal import LineProtocol

/// What `inspect` does for containers, for images, and for whichever of them has the name.
struct Inspection {
    enum Kind: String { case container, image, any = "" }

    /// Members that docker leaves out where there is nothing to say; the others are `null` then.
    private static let optional: Set<String> = [
        "StopSignal", "StopTimeout", "ExposedPorts", "Variant", "Name", "Tmpfs", "Sysctls",
        "Init",
    ]

    let kind: Kind
    let format: String?

    func run(_ names: [String], _ client: Client) throws -> Int32 {
        let template = try format.flatMap { $0 == "json" ? nil : $0 }.map { try Template($0) }
        var found: [JSONValue] = []
        var text = ""
        let exitCode = try client.forEach(names) { name in
            let value = try inspect(name, client)
            if let template { text += try template.render(value) + "\n" }
            found.append(Self.withoutAbsent(value))
        }
        if template == nil {
            text = (format == "json" ? JSONValue.array(found).compact : JSONValue.array(found).indented) + "\n"
        }
        try client.print(text, terminator: "")
        return exitCode
    }

    private func inspect(_ name: String, _ client: Client) throws -> JSONValue {
        if kind != .image {
            do {
                return JSONValue(encoding: try client.call(ContainerInspect.self, ContainerName(name)))
            } catch let failure as ProtocolFailure where failure.kind == .noSuchContainer && kind == .any {}
        }
        do {
            return JSONValue(encoding: try client.call(ImageInspect.self, ImageInspect.Parameters(image: name)))
        } catch let failure as ProtocolFailure where failure.kind == .noSuchImage && kind == .any {
            throw ProtocolFailure(.noSuchImage, "no such object: \(name)")
        }
    }

    private static func withoutAbsent(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let members):
            .object(
                members.filter { !($0.value == .null && optional.contains($0.name)) }
                    .map { JSONValue.Member($0.name, withoutAbsent($0.value)) })
        case .array(let values): .array(values.map(withoutAbsent))
        default: value
        }
    }
}
