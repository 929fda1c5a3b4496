import Testing

@testable import CommandKit

/// A value as `inspect` gives it.
private let container = JSONValue.object([
    .init("Id", .string("abc")),
    .init("Name", .string("/web")),
    .init(
        "State",
        .object([.init("Status", .string("running")), .init("Pid", .integer(42)), .init("Dead", .bool(false))])),
    .init(
        "Config",
        .object([
            .init("Env", .array([.string("A=1"), .string("B=2")])),
            .init("Labels", .object([.init("b", .string("2")), .init("a.x", .string("1"))])),
            .init("Cmd", .null),
        ])),
])

private func render(_ template: String, _ value: JSONValue = container) throws -> String {
    try Template(template).render(value)
}

@Suite struct TemplateTests {
    @Test(
        "text outside braces is kept, fields follow dots",
        arguments: [
            ("plain", "plain"), ("{{.Id}}", "abc"), ("<{{ .State.Status }}>", "<running>"), ("{{.State.Pid}}", "42"),
            ("{{.State.Dead}}", "false"), ("{{.Config.Env}}", "[A=1 B=2]"), ("{{.Config.Labels}}", "map[a.x:1 b:2]"),
            ("{{$.Id}}", "abc"), ("{{(.State).Status}}", "running"), ("{{.Config.Cmd}}", "[]"),
            ("{{/* nothing */}}x", "x"), ("{{`a\"b`}}", "a\"b"), (#"{{"a\tb"}}"#, "a\tb"),
        ])
    func values(template: String, text: String) throws { #expect(try render(template) == text) }

    @Test(
        "json prints a value as JSON, members in their order",
        arguments: [
            ("{{json .Config.Env}}", #"["A=1","B=2"]"#), ("{{json .Config.Labels}}", #"{"b":"2","a.x":"1"}"#),
            ("{{.State.Pid | json}}", "42"), ("{{json .Config.Cmd}}", "null"), (#"{{json "<&\""}}"#, #""<&\"""#),
        ])
    func json(template: String, text: String) throws { #expect(try render(template) == text) }

    @Test(
        "functions of Go and docker change values",
        arguments: [
            ("{{upper .Id}}", "ABC"), ("{{.Id | upper | lower}}", "abc"), (#"{{title "two words"}}"#, "Two Words"),
            (#"{{join .Config.Env ","}}"#, "A=1,B=2"), (#"{{index .Config.Labels "a.x"}}"#, "1"),
            (#"{{index .Config.Labels "none"}}"#, ""), ("{{index .Config.Env 1}}", "B=2"), ("{{len .Config.Env}}", "2"),
            ("{{len .Id}}", "3"), (#"{{split "a:b:c" ":"}}"#, "[a b c]"), (#"{{truncate .Id 2}}"#, "ab"),
            (#"{{pad .Id 1 2}}|"#, " abc  |"), ("{{slice .Id 1 2}}", "b"), ("{{println .Id}}", "abc\n"),
            (#"{{print 1 2 "x" 3}}"#, "1 2x3"), (#"{{index (split "a=b" "=") 0}}"#, "a"),
        ])
    func functions(template: String, text: String) throws { #expect(try render(template) == text) }

    @Test(
        "printf knows Go's verbs, widths and mistakes",
        arguments: [
            (#"{{printf "%s-%d" .Id .State.Pid}}"#, "abc-42"), (#"{{printf "%5s|%-5s|" .Id .Id}}"#, "  abc|abc  |"),
            (#"{{printf "%05d" .State.Pid}}"#, "00042"), (#"{{printf "%.2s" .Id}}"#, "ab"),
            (#"{{printf "%q" .Id}}"#, "\"abc\""),
            (#"{{printf "%v %t" .Config.Env .State.Dead}}"#, "[A=1 B=2] false"), (#"{{printf "%x" 255}}"#, "ff"),
            (#"{{printf "%d" .Id}}"#, "%!d(string=abc)"), (#"{{printf "%d"}}"#, "%!d(MISSING)"),
            (#"{{printf "100%%"}}"#, "100%"),
            (#"{{printf "%.2f" 1.005}}"#, "1.00"), (#"{{printf "%+d" 3}}"#, "+3"),
            (#"{{printf "a" 1}}"#, "a%!(EXTRA 1)"),
        ])
    func formats(template: String, text: String) throws { #expect(try render(template) == text) }

    @Test(
        "if, else and comparisons choose",
        arguments: [
            ("{{if .State.Dead}}dead{{else}}alive{{end}}", "alive"), ("{{if .Config.Cmd}}x{{end}}", ""),
            (#"{{if eq .State.Status "running"}}up{{end}}"#, "up"),
            (#"{{if eq .State.Status "a" "running"}}up{{end}}"#, "up"),
            ("{{if and .Id (gt .State.Pid 41)}}y{{end}}", "y"), ("{{if or .State.Dead .Id}}y{{end}}", "y"),
            ("{{if not .State.Dead}}y{{end}}", "y"), ("{{and .Id .State.Dead}}", "false"),
            (#"{{if eq .Id "x"}}1{{else if ne .Id "abc"}}2{{else}}3{{end}}"#, "3"), (#"{{lt "a" "b"}}"#, "true"),
            ("{{le 2 2}} {{ge 1 2}}", "true false"), ("{{with .State}}{{.Pid}}{{end}}", "42"),
            ("{{with .Config.Cmd}}x{{else}}none{{end}}", "none"),
        ])
    func conditions(template: String, text: String) throws { #expect(try render(template) == text) }

    @Test(
        "range walks through lists, and through objects by sorted keys",
        arguments: [
            ("{{range .Config.Env}}<{{.}}>{{end}}", "<A=1><B=2>"),
            ("{{range $i, $e := .Config.Env}}{{$i}}:{{$e}} {{end}}", "0:A=1 1:B=2 "),
            ("{{range $k, $v := .Config.Labels}}{{$k}}={{$v}};{{end}}", "a.x=1;b=2;"),
            ("{{range .Config.Cmd}}x{{else}}none{{end}}", "none"),
            ("{{range .Config.Env}}{{$.Id}}{{end}}", "abcabc"), ("{{range .Config.Env}}{{.}}{{break}}{{end}}", "A=1"),
            (#"{{range .Config.Env}}{{if eq . "A=1"}}{{continue}}{{end}}{{.}}{{end}}"#, "B=2"),
            ("{{range 3}}{{.}}{{end}}", "012"),
        ])
    func loops(template: String, text: String) throws { #expect(try render(template) == text) }

    @Test(
        "variables live to the end of their block, and can be set from an inner one",
        arguments: [
            ("{{$x := .Id}}{{$x}}", "abc"), ("{{$x := 1}}{{if true}}{{$x = 2}}{{end}}{{$x}}", "2"),
            ("{{$x := 1}}{{if true}}{{$x := 2}}{{$x}}{{end}}{{$x}}", "21"),
        ])
    func variables(template: String, text: String) throws { #expect(try render(template) == text) }

    @Test(
        "a dash inside braces trims the space beside them",
        arguments: [
            ("a {{- .Id -}} b", "aabcb"), ("a\n{{- /* c */ -}}\nb", "ab"), ("{{.Id}}\n {{- 3}}", "abc3"),
            ("{{-3}}", "-3"),
        ])
    func trimming(template: String, text: String) throws { #expect(try render(template) == text) }

    @Test(
        "what is not understood is refused by name when the template is read",
        arguments: [
            ("{{html .Id}}", "function \"html\" is not supported"), ("{{frob .Id}}", "function \"frob\" not defined"),
            ("{{define \"x\"}}{{end}}", "{{define}} is not supported"), ("{{.Id", "not closed"),
            ("{{if .Id}}", "{{if}} is not closed"),
            ("{{end}}", "unexpected {{end}}"), ("{{$x}}", "undefined variable \"$x\""), ("{{}}", "no value"),
            ("{{break}}", "outside"),
            ("{{(.Id}}", "parenthesis"), (#"{{"a}}"#, "string is not closed"), ("{{.Id !}}", "unexpected !"),
            ("{{else}}", "{{else}}"),
        ])
    func unreadable(template: String, message: String) {
        let error = #expect(throws: TemplateError.self) { try Template(template) }
        #expect(error?.description.contains(message) == true, "\(String(describing: error))")
    }

    @Test(
        "what does not fit the value is refused by name",
        arguments: [
            ("{{.Nothing}}", "no field Nothing"), ("{{.Id.X}}", "can't evaluate field X in a string"),
            ("{{index .Config.Env 7}}", "out of range"), ("{{upper .State.Pid}}", "upper wants a string"),
            ("{{.Id 1}}", "can't give arguments"), ("{{eq .Id 1}}", "can't compare"),
            ("{{range .State.Dead}}{{end}}", "can't walk"),
            ("{{join .Id \"\"}}", "join wants a list"), ("{{len .State.Pid}}", "len of a number"),
            ("{{upper}}", "wrong number of arguments"),
        ])
    func unfitting(template: String, message: String) {
        let error = #expect(throws: TemplateError.self) { try render(template) }
        #expect(error?.description.contains(message) == true, "\(String(describing: error))")
    }

    @Test("methods of a row take arguments")
    func methods() throws {
        let data = TemplateData(container, methods: ["Label": { .string("<\($0.first?.text ?? "")>") }])
        #expect(try Template(#"{{.Label "a"}} {{.Label "b" | upper}}"#).render(data) == "<a> <B>")
    }

    @Test(
        "deep nesting is refused before it exhausts the stack",
        arguments: [
            "{{" + String(repeating: "(", count: 100_000) + "}}", String(repeating: "{{if 1}}", count: 100_000),
            "{{if 1}}" + String(repeating: "{{else if 1}}", count: 100_000),
        ])
    func nesting(template: String) {
        let error = #expect(throws: TemplateError.self) { try Template(template) }
        #expect(error?.message == "the template nests deeper than 100")
    }
}
