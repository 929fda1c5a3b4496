/// Runs a template's nodes on a value.
struct TemplateEvaluator {
    private(set) var output = ""
    private let data: TemplateData
    private var dot: JSONValue
    private var variables: [(name: String, value: JSONValue)]

    init(_ data: TemplateData) {
        self.data = data
        dot = data.value
        variables = [("$", data.value)]
    }

    /// How a list of nodes ended.
    private enum Flow { case on, leaveLoop, nextRound }

    mutating func run(_ nodes: [TemplateNode]) throws(TemplateError) { _ = try runBlock(nodes) }

    private mutating func runBlock(_ nodes: [TemplateNode]) throws(TemplateError) -> Flow {
        for node in nodes {
            let flow = try run(node)
            if flow != .on { return flow }
        }
        return .on
    }

    private mutating func run(_ node: TemplateNode) throws(TemplateError) -> Flow {
        switch node {
        case .text(let text): output += text
        case .action(let pipeline):
            let value = try evaluate(pipeline)
            if pipeline.variables.isEmpty { output += value.formatted }
            try bind(pipeline, value)
        case .condition(let pipeline, let then, let otherwise):
            return try inScope { evaluator throws(TemplateError) in
                let value = try evaluator.evaluate(pipeline)
                try evaluator.bind(pipeline, value)
                return try evaluator.runBlock(value.isTrue ? then : otherwise)
            }
        case .scope(let pipeline, let body, let otherwise):
            return try inScope { evaluator throws(TemplateError) in
                let value = try evaluator.evaluate(pipeline)
                try evaluator.bind(pipeline, value)
                if value.isTrue { evaluator.dot = value }
                return try evaluator.runBlock(value.isTrue ? body : otherwise)
            }
        case .loop(let pipeline, let body, let otherwise):
            return try inScope { evaluator throws(TemplateError) in
                try evaluator.runLoop(pipeline, body, otherwise)
            }
        case .leaveLoop: return .leaveLoop
        case .nextRound: return .nextRound
        }
        return .on
    }

    /// Variables made in `body`, and its dot, are gone behind it.
    private mutating func inScope(
        _ body: (inout TemplateEvaluator) throws(TemplateError) -> Flow
    ) throws(TemplateError) -> Flow {
        let outerDot = dot
        let count = variables.count
        let flow = try body(&self)
        dot = outerDot
        variables.removeLast(variables.count - count)
        return flow
    }

    private mutating func runLoop(
        _ pipeline: TemplatePipeline, _ body: [TemplateNode], _ otherwise: [TemplateNode]
    ) throws(TemplateError) -> Flow {
        let rounds = try evaluate(pipeline).rounds()
        if rounds.isEmpty { return try runBlock(otherwise) }
        for (key, value) in rounds {
            let flow = try inScope { evaluator throws(TemplateError) in
                evaluator.dot = value
                switch pipeline.variables.count {
                case 0: break
                case 1: evaluator.variables.append((pipeline.variables[0], value))
                default:
                    evaluator.variables.append((pipeline.variables[0], key))
                    evaluator.variables.append((pipeline.variables[1], value))
                }
                return try evaluator.runBlock(body)
            }
            if flow == .leaveLoop { break }
        }
        return .on
    }

    private mutating func bind(_ pipeline: TemplatePipeline, _ value: JSONValue) throws(TemplateError) {
        guard let name = pipeline.variables.first else { return }
        guard pipeline.assignsExisting else {
            variables.append((name, value))
            return
        }
        guard let index = variables.lastIndex(where: { $0.name == name }) else {
            throw TemplateError("undefined variable \"\(name)\"")
        }
        variables[index].value = value
    }

    // MARK: Values

    private func evaluate(_ pipeline: TemplatePipeline) throws(TemplateError) -> JSONValue {
        var piped: JSONValue?
        for command in pipeline.commands { piped = try evaluate(command, piped: piped) }
        return piped ?? .null
    }

    private func evaluate(_ command: TemplateCommand, piped: JSONValue?) throws(TemplateError) -> JSONValue {
        let first = command.operands[0]
        let rest = command.operands.dropFirst()
        if case .function(let name) = first.base {
            let value = try call(name, rest, piped: piped)
            return try follow(first.fields[...], from: value)
        }
        if first.base == .dot, first.fields.count == 1, let method = data.methods[first.fields[0]] {
            return try method(try arguments(rest, piped: piped))
        }
        guard rest.isEmpty, piped == nil else {
            throw TemplateError(
                "can't give arguments to \(first.fields.last.map { ".\($0)" } ?? "a value"), which is no function")
        }
        return try evaluate(first)
    }

    private func evaluate(_ operand: TemplateOperand) throws(TemplateError) -> JSONValue {
        switch operand.base {
        case .dot:
            if operand.fields.count == 1, let method = data.methods[operand.fields[0]] { return try method([]) }
            return try follow(operand.fields[...], from: dot)
        case .variable(let name):
            guard let value = variables.last(where: { $0.name == name })?.value else {
                throw TemplateError("undefined variable \"\(name)\"")
            }
            return try follow(operand.fields[...], from: value)
        case .function(let name): return try follow(operand.fields[...], from: try call(name, [], piped: nil))
        case .constant(let value): return value
        case .parenthesis(let pipeline): return try follow(operand.fields[...], from: try evaluate(pipeline))
        }
    }

    private func follow(_ fields: ArraySlice<String>, from value: JSONValue) throws(TemplateError) -> JSONValue {
        guard let name = fields.first else { return value }
        guard case .object = value else {
            throw TemplateError("can't evaluate field \(name) in \(value.typeName)")
        }
        guard let member = value[name] else { throw TemplateError("there is no field \(name)") }
        return try follow(fields.dropFirst(), from: member)
    }

    private func arguments(_ operands: ArraySlice<TemplateOperand>, piped: JSONValue?) throws(TemplateError)
        -> [JSONValue]
    {
        var values: [JSONValue] = []
        for operand in operands { values.append(try evaluate(operand)) }
        if let piped { values.append(piped) }
        return values
    }

    private func call(_ name: String, _ operands: ArraySlice<TemplateOperand>, piped: JSONValue?)
        throws(TemplateError) -> JSONValue
    {
        if name == "and" || name == "or" { return try decide(name, operands, piped: piped) }
        let values = try arguments(operands, piped: piped)
        if data.isHeading, let heading = TemplateFunctions.heading(name, values) { return heading }
        return try TemplateFunctions.call(name, values)
    }

    /// `and` and `or` look no further than they must.
    private func decide(_ name: String, _ operands: ArraySlice<TemplateOperand>, piped: JSONValue?)
        throws(TemplateError) -> JSONValue
    {
        var last = JSONValue.null
        for operand in operands {
            last = try evaluate(operand)
            if last.isTrue == (name == "or") { return last }
        }
        if let piped { last = piped }
        guard !operands.isEmpty || piped != nil else { throw TemplateError("\(name) needs an argument") }
        return last
    }
}
