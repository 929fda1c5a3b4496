/// Builds nodes from tokens.
struct TemplateParser {
    private var rest: ArraySlice<TemplateToken>
    private var variables: Set<String> = ["$"]
    private var loopDepth = 0
    private var depth = 0
    /// Blocks and parentheses inside each other: each is a call inside a call when the template is filled in.
    private static let deepest = 100

    static func parse(_ template: String) throws(TemplateError) -> [TemplateNode] {
        var parser = TemplateParser(rest: try TemplateLexer.tokens(of: template)[...])
        let (nodes, end) = try parser.parseBlock()
        guard end == nil else { throw TemplateError("unexpected {{\(end?.word ?? "")}}") }
        return nodes
    }

    /// What closed a block: `{{end}}`, `{{else}}`, or `{{else if …}}`, whose keyword is still to be read.
    private enum BlockEnd: Hashable {
        case end, otherwise, otherwiseChained
        var word: String { self == .end ? "end" : "else" }
    }

    private mutating func parseBlock() throws(TemplateError) -> ([TemplateNode], BlockEnd?) {
        try enter()
        defer { depth -= 1 }
        var nodes: [TemplateNode] = []
        while let token = rest.popFirst() {
            if case .text(let text) = token {
                nodes.append(.text(text))
                continue
            }
            if let end = try parseBlockEnd() { return (nodes, end) }
            nodes.append(try parseAction())
        }
        return (nodes, nil)
    }

    private mutating func parseBlockEnd() throws(TemplateError) -> BlockEnd? {
        if take(.word("end")) {
            try expectClose()
            return .end
        }
        guard take(.word("else")) else { return nil }
        if take(.close) { return .otherwise }
        return .otherwiseChained
    }

    private mutating func parseAction() throws(TemplateError) -> TemplateNode {
        guard case .word(let word)? = rest.first else { return .action(try parsePipelineToClose()) }
        switch word {
        case "if", "with":
            rest.removeFirst()
            return try parseBranch(word)
        case "range":
            rest.removeFirst()
            return try parseLoop()
        case "break", "continue":
            rest.removeFirst()
            guard loopDepth > 0 else { throw TemplateError("{{\(word)}} outside {{range}}") }
            try expectClose()
            return word == "break" ? .leaveLoop : .nextRound
        case "define", "template", "block":
            throw TemplateError("{{\(word)}} is not supported")
        default: return .action(try parsePipelineToClose())
        }
    }

    private mutating func parseBranch(_ word: String) throws(TemplateError) -> TemplateNode {
        try enter()
        defer { depth -= 1 }
        let before = variables
        let pipeline = try parsePipelineToClose()
        let (body, otherwise) = try parseBodies(of: word)
        variables = before
        return word == "if"
            ? .condition(pipeline, then: body, otherwise: otherwise)
            : .scope(pipeline, body: body, otherwise: otherwise)
    }

    private mutating func parseLoop() throws(TemplateError) -> TemplateNode {
        let before = variables
        let pipeline = try parsePipelineToClose()
        loopDepth += 1
        let (body, otherwise) = try parseBodies(of: "range")
        loopDepth -= 1
        variables = before
        return .loop(pipeline, body: body, otherwise: otherwise)
    }

    private mutating func parseBodies(of word: String) throws(TemplateError) -> ([TemplateNode], [TemplateNode]) {
        let (body, end) = try parseBlock()
        switch end {
        case nil: throw TemplateError("{{\(word)}} is not closed with {{end}}")
        case .end: return (body, [])
        case .otherwise:
            let (otherwise, last) = try parseBlock()
            guard last == .end else { throw TemplateError("{{else}} of {{\(word)}} is not closed with {{end}}") }
            return (body, otherwise)
        case .otherwiseChained:
            guard take(.word(word)), word != "range" else { throw TemplateError("unexpected word after {{else") }
            return (body, [try parseBranch(word)])
        }
    }

    // MARK: Pipelines

    private mutating func parsePipelineToClose() throws(TemplateError) -> TemplatePipeline {
        let pipeline = try parsePipeline()
        try expectClose()
        return pipeline
    }

    private mutating func parsePipeline() throws(TemplateError) -> TemplatePipeline {
        try enter()
        defer { depth -= 1 }
        var pipeline = try parseDeclaration()
        repeat {
            pipeline.commands.append(try parseCommand())
        } while take(.mark("|"))
        variables.formUnion(pipeline.variables)
        return pipeline
    }

    private mutating func parseDeclaration() throws(TemplateError) -> TemplatePipeline {
        var pipeline = TemplatePipeline()
        let start = rest
        while case .variable(let name)? = rest.first {
            rest.removeFirst()
            pipeline.variables.append(name)
            if take(.mark(":=")) { return pipeline }
            if take(.mark("=")) {
                pipeline.assignsExisting = true
                return pipeline
            }
            if !take(.mark(",")) { break }
        }
        rest = start
        return TemplatePipeline()
    }

    private mutating func parseCommand() throws(TemplateError) -> TemplateCommand {
        var operands: [TemplateOperand] = []
        while let operand = try parseOperand() { operands.append(operand) }
        guard !operands.isEmpty else { throw TemplateError("an action has no value") }
        return TemplateCommand(operands: operands)
    }

    private mutating func parseOperand() throws(TemplateError) -> TemplateOperand? {
        guard let base = try parseOperandBase() else { return nil }
        var operand = base
        while case .field(let name, attached: true)? = rest.first {
            rest.removeFirst()
            guard !name.isEmpty else { throw TemplateError("unexpected . in a template") }
            operand.fields.append(name)
        }
        return operand
    }

    private mutating func parseOperandBase() throws(TemplateError) -> TemplateOperand? {
        switch rest.first {
        case .field(let name, _)?:
            rest.removeFirst()
            return TemplateOperand(base: .dot, fields: name.isEmpty ? [] : [name])
        case .variable(let name)?:
            rest.removeFirst()
            guard variables.contains(name) else { throw TemplateError("undefined variable \"\(name)\"") }
            return TemplateOperand(base: .variable(name))
        case .word(let name)?:
            rest.removeFirst()
            guard TemplateFunctions.names.contains(name) else { throw TemplateFunctions.unknown(name) }
            return TemplateOperand(base: .function(name))
        case .constant(let value)?:
            rest.removeFirst()
            return TemplateOperand(base: .constant(value))
        case .mark("(")?:
            rest.removeFirst()
            let inner = try parsePipeline()
            guard take(.mark(")")) else { throw TemplateError("a parenthesis is not closed") }
            return TemplateOperand(base: .parenthesis(inner))
        default: return nil
        }
    }

    private mutating func enter() throws(TemplateError) {
        depth += 1
        if depth > Self.deepest { throw TemplateError("the template nests deeper than \(Self.deepest)") }
    }

    // MARK: Tokens

    private mutating func take(_ token: TemplateToken) -> Bool {
        guard rest.first == token else { return false }
        rest.removeFirst()
        return true
    }

    private mutating func expectClose() throws(TemplateError) {
        guard take(.close) else { throw TemplateError("unexpected words before }}") }
    }
}
