/// What a template is made of: a subset of Go's text/template, as docker's users write it after `--format`.
///
///     node     = text | "{{" action "}}"
///     action   = pipeline | "if" | "range" | "with" | "else" | "end" | "break" | "continue"
///     pipeline = [ $variable { "," $variable } (":=" | "=") ] command { "|" command }
///     command  = operand { operand }
///     operand  = ( "." | .Field | $variable | function | constant | "(" pipeline ")" ) { .Field }
enum TemplateNode: Hashable, Sendable {
    case text(String)
    case action(TemplatePipeline)
    indirect case condition(TemplatePipeline, then: [TemplateNode], otherwise: [TemplateNode])
    indirect case scope(TemplatePipeline, body: [TemplateNode], otherwise: [TemplateNode])
    indirect case loop(TemplatePipeline, body: [TemplateNode], otherwise: [TemplateNode])
    case leaveLoop
    case nextRound
}

struct TemplatePipeline: Hashable, Sendable {
    /// `$x` of `{{$x := …}}`; two of them in `{{range $key, $value := …}}`.
    var variables: [String] = []
    /// `=` instead of `:=`.
    var assignsExisting = false
    var commands: [TemplateCommand] = []
}

struct TemplateCommand: Hashable, Sendable {
    var operands: [TemplateOperand]
}

struct TemplateOperand: Hashable, Sendable {
    enum Base: Hashable, Sendable {
        case dot
        case variable(String)
        case function(String)
        case constant(JSONValue)
        indirect case parenthesis(TemplatePipeline)
    }
    var base: Base
    /// `.State.Status`
    var fields: [String] = []
}
