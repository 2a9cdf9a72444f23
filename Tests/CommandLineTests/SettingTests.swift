import Capture
import PolicyLanguage
import Testing

@testable import CommandLine

@Suite struct `A setting` {
    private static let file = reader(
        """
        data: from-file
        partitions: 7
        columns:
          - x
          - y
        json: yes
        """)

    /// Returns a reader that gives one file, whatever its path.
    private static func reader(_ text: String) -> ConfigurationFile.Reader {
        { path throws(CommandFailure) in
            try ConfigurationFile(path: path ?? "lifecycle.yaml", text: Array(text.utf8))
        }
    }

    @Test func `comes from the command line, then the environment, then the file, then the default`() {
        let environment = ["LIFECYCLE_DATA": "from-environment", "LIFECYCLE_PARTITIONS": "6"]
        #expect(
            Session("stages", "--data", "flag", environment: environment, file: Self.file).output
                == "flag - 6 x+y true\n")
        #expect(
            Session("stages", environment: environment, file: Self.file).output == "from-environment - 6 x+y true\n")
        #expect(Session("stages", file: Self.file).output == "from-file - 7 x+y true\n")
        #expect(Session("stages", "--data", "d").output == "d - 4  false\n")
    }

    @Test func `that is repeated takes all words of its variable, and pairs as a file has them`() {
        let session = Session("stages", "--data", "d", environment: ["LIFECYCLE_COLUMNS": "a=b  c=d"])
        #expect(session.output == "d - 4 a=b+c=d false\n")
        let pairs = Session("stages", file: Self.reader("data: d\ncolumns:\n  a: b\n  c.d: \"e f\"\n"))
        #expect(pairs.output == "d - 4 a=b+c.d=e f false\n")
    }

    @Test func `that is wrong is named as it was given, in a file with its line and column`() {
        let environment = ["LIFECYCLE_PARTITIONS": "many"]
        #expect(Session("stages", environment: environment, file: Self.file).errors.contains("LIFECYCLE_PARTITIONS: "))
        let session = Session("stages", "--config", "shop.yaml", file: Self.reader("data: d\nat: soon"))
        #expect(session.errors.contains("shop.yaml:2:5: at: expected a day"))
        #expect(session.code == .usage)
    }

    @Test(arguments: [
        ("data: d\ndta: d", "lifecycle.yaml:2:1: unknown setting dta; did you mean data?"),
        ("config: other.yaml", "lifecycle.yaml:1:1: unknown setting config"),
        ("data: [a, b]", "lifecycle.yaml:1:1: data takes one value, not a list"),
        ("data: {a: b, c: d}", "lifecycle.yaml:1:1: data takes one value, not a list"),
        ("data:", "lifecycle.yaml:1:1: error: \"data\" has no value"),
        ("data: d\ndata: e", "lifecycle.yaml:2:1: error: \"data\" is already given on line 1"),
        ("columns:\n  - [a]", "lifecycle.yaml:2:5: error: expected one value"),
        ("data: &a d\nat: *a", "lifecycle.yaml:1:7: error: anchors (&) are not used in settings; write it out"),
        ("- data", "lifecycle.yaml:1:1: error: expected settings as \"name: value\" lines"),
        ("data: \"", "lifecycle.yaml:1:8: error: not YAML: found unexpected end of stream"),
    ])
    func `of a file that is not as expected is refused, with its place`(text: String, error: String) {
        let session = Session("stages", file: Self.reader(text))
        #expect(session.errors.contains(error), "\(session.errors)")
        #expect(session.code == .usage)
    }

    @Test func `of another command may stand in the file, and one that holds none is empty`() {
        #expect(Session("policy", "check", "f", file: Self.file).output == "f\n")
        #expect(Session("policy", "check", "f", file: Self.reader("log: json")).output == "f\n")
        #expect(Session("policy", "check", "f", file: Self.reader("# nothing yet\n")).output == "f\n")
    }
}

@Suite struct `A query` {
    private static func read(_ query: String) throws(CommandFailure) -> String {
        let settings = try Settings(Sample.stages.parameters + Sample.check.parameters, query: query)
        let parts = [
            settings[Sample.data], settings[Sample.at] ?? "-", "\(settings[Sample.partitions])",
            settings[Sample.columns].joined(separator: "+"), "\(settings[Sample.json])", settings[Sample.file],
        ]
        return (parts + settings[Sample.others]).joined(separator: " ")
    }

    @Test(arguments: [
        ("data=d&file=f", "d - 4  false f"),
        ("file=f&at=1998-06-30&json&partitions=512&data=d", "d 1998-06-30 512  true f"),
        ("data=d&file=f&columns=a%3Db&columns=c&json=false", "d - 4 a=b+c false f"),
        ("&data=%C3%A9t%c3%a9+%2B&file=f&&other=g&other=h", "été + - 4  false f g h"),
    ])
    func `gives a command's parameters their values`(query: String, values: String) throws {
        #expect(try Self.read(query) == values)
    }

    @Test(arguments: [
        ("data=d", "file is missing: what to read"),
        ("file=f", "data is missing: the directory of the log"),
        ("dta=d&file=f", "unknown parameter dta; did you mean data?"),
        ("--data=d&file=f", "unknown parameter --data"),
        ("FILE=f&data=d", "unknown parameter FILE"),
        ("data=d&data=e&file=f", "data is given twice"),
        ("data&file=f", "data needs a value: data=DIR"),
        ("data=d&file=f&at=soon", "at: expected a day such as 1998-06-30, not \"soon\""),
        ("data=d&file=f&partitions=0", "partitions: expected a whole number from 1 to 512, not \"0\""),
        ("data=d&file=f&json=maybe", "json: expected true or false, not \"maybe\""),
        ("data=%1B[2J&file=%", "not \"%\""),
        ("data=%FF&file=f", "expected UTF-8 with % and two hexadecimal digits a byte, not \"%FF\""),
        ("data=d&file=f&at=%1B[2J", "not \"\\u{1b}[2J\""),
    ])
    func `that is wrong is told as on the command line, by the parameter's name`(query: String, error: String) {
        let failure = #expect(throws: CommandFailure.self) { try Self.read(query) }
        #expect(failure?.code == .usage)
        #expect(failure?.description.contains(error) == true, "\(failure?.description ?? "")")
    }

    @Test func `says nothing of a parameter that it does not name`() throws {
        let settings = try Settings(Sample.stages.parameters, query: "data=d")
        #expect(settings.origin(of: Sample.data) == .query)
        #expect(settings.origin(of: Sample.partitions) == nil)
    }
}
