/// A template of `--format`, read once and filled in for every row: a subset of Go's text/template with docker's
/// functions. What is left out is refused by name when the template is read.
public struct Template: Sendable {
    private let nodes: [TemplateNode]

    public init(_ text: String) throws(TemplateError) {
        do { nodes = try TemplateParser.parse(text) } catch {
            var error = error
            error.isSyntactic = true
            throw error
        }
    }

    /// The text for one value.
    public func render(_ data: TemplateData) throws(TemplateError) -> String {
        var evaluator = TemplateEvaluator(data)
        try evaluator.run(nodes)
        return evaluator.output
    }

    public func render(_ value: JSONValue) throws(TemplateError) -> String { try render(TemplateData(value)) }
}

/// What a template is filled in with: a value, and methods of it that take arguments (`{{.Label "x"}}`).
public struct TemplateData: Sendable {
    public typealias Method = @Sendable ([JSONValue]) throws(TemplateError) -> JSONValue

    public var value: JSONValue
    public var methods: [String: Method]
    /// For the line of headings: functions that change text leave it as it is.
    public var isHeading: Bool

    public init(_ value: JSONValue, methods: [String: Method] = [:], isHeading: Bool = false) {
        self.value = value
        self.methods = methods
        self.isHeading = isHeading
    }
}
