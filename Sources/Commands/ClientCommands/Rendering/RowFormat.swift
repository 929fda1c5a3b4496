internal import CommandKit

/// What `--format` of a list says: columns with headings, a template for every row, or JSON.
struct RowFormat {
    private enum Shape { case table(Template), rows(Template), json }
    private let shape: Shape
    /// What stands above a column, by field.
    private let headings: [String: String]

    /// `standard`: the template of the columns, when nothing else is asked for.
    init(_ text: String?, standard: String, headings: [String: String]) throws(TemplateError) {
        self.headings = headings
        let text = text ?? "table"
        switch text {
        case "table", "": shape = .table(try Template(Self.unescaped(standard)))
        case "json": shape = .json
        case _ where text.hasPrefix("table "):
            let template = text.dropFirst("table ".count).drop { $0.isWhitespace }
            shape = .table(try Template(Self.unescaped(String(template))))
        default: shape = .rows(try Template(Self.unescaped(text)))
        }
    }

    /// A shell does not turn `\t` into a tab, so docker does.
    private static func unescaped(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        while let first = rest.popFirst() {
            switch (first, rest.first) {
            case ("\\", "t"?), ("\\", "n"?): result.append(rest.removeFirst() == "t" ? "\t" : "\n")
            default: result.append(first)
            }
        }
        return result
    }

    /// The rows as text, each with its newline.
    func render(_ rows: [TemplateData]) throws(TemplateError) -> String {
        switch shape {
        case .json: return rows.map { $0.value.compact + "\n" }.joined()
        case .rows(let template):
            var text = ""
            for row in rows { text += try template.render(row) + "\n" }
            return text
        case .table(let template):
            var table = TextTable()
            table.append(try cells(template, headingData))
            for row in rows { table.append(try cells(template, row)) }
            return table.text
        }
    }

    private func cells(_ template: Template, _ data: TemplateData) throws(TemplateError) -> [String] {
        try template.render(data).split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }

    private var headingData: TemplateData {
        let members = headings.map { JSONValue.Member($0.key, .string($0.value)) }
        let label: TemplateData.Method = { arguments in .string(Self.heading(ofLabel: arguments.first)) }
        return TemplateData(.object(members), methods: ["Label": label], isHeading: true)
    }

    /// `com.example.my-label` stands below `my label`.
    private static func heading(ofLabel name: JSONValue?) -> String {
        guard case .string(let name)? = name, let last = name.split(separator: ".").last else { return "" }
        return String(last.map { "-_".contains($0) ? " " : $0 })
    }
}

extension TemplateData {
    /// A row of fields, sorted by name as docker's JSON has them, with the labels that `{{.Label "x"}}` finds.
    static func row(_ fields: [String: String], labels: [String: String] = [:]) -> TemplateData {
        let members = fields.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, .string($0.value)) }
        let label: Method = { arguments throws(TemplateError) in
            guard case .string(let name)? = arguments.first else { return .string("") }
            return .string(labels[name] ?? "")
        }
        return TemplateData(.object(members), methods: ["Label": label])
    }
}

/// Labels in one field: `a=1,b=2`.
func commaSeparated(_ labels: [String: String]) -> String {
    labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
}

extension String {
    /// At most `length` characters, the last of which is `…` if some had to go.
    func shortened(to length: Int) -> String { count <= length ? self : prefix(length - 1) + "…" }

    /// A digest or ID as people write it: twelve digits, without `sha256:`.
    var shortID: String {
        let digits = hasPrefix("sha256:") ? dropFirst("sha256:".count) : self[...]
        return String(digits.prefix(12))
    }
}
