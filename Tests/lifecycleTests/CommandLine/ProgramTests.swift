import Testing

@testable import lifecycle

@Suite struct `A command line` {
    @Test(arguments: [
        (["stages", "--data", "d"], "d - 4  false\n"),
        (["stages", "--data=d", "--json", "--at", "1998-06-30"], "d 1998-06-30T00:00:00Z 4  true\n"),
        (["stages", "--columns", "a=b", "--columns=c", "--data", "d"], "d - 4 a=b+c false\n"),
        (["stages", "--data", "d", "--json=false", "--partitions", "512"], "d - 512  false\n"),
        (["policy", "check", "a", "b", "--", "--c", "-"], "a b --c -\n"),
        (["policy", "check", "-"], "-\n"),
        (["--version"], "lifecycle 1\n"),
    ])
    func `is read into settings`(words: [String], output: String) {
        let session = Session(words)
        #expect(session.output == output)
        #expect(session.errors == "")
    }

    @Test(arguments: [
        (["stages", "--date", "d"], "unknown option --date; did you mean --data?"),
        (["stages", "--json=maybe", "--data", "d"], "--json: expected true or false, not \"maybe\""),
        (["stages", "--data", "--json"], "--data needs a value: --data DIR"),
        (["stages", "--data"], "--data needs a value: --data DIR"),
        (["stages", "--data", "a", "--data", "b"], "--data is given twice"),
        (["stages"], "--data DIR is missing: the directory of the log"),
        (["stages", "-d", "x"], "unknown option -d; options are written out, as in --data"),
        (["stages", "x", "--data", "d"], "stages does not know what to do with \"x\""),
        (
            ["stages", "--data", "d", "--partitions", "0"],
            "--partitions: expected a whole number from 1 to 512, not \"0\""
        ),
        (["stages", "--data", "d", "--partitions", "+4"], "expected a whole number"),
        (["stages", "--data", "d", "--at", "1998-02-29"], "--at: expected an instant such as"),
        (["stages", "--data", "d", "--at", "\u{1B}[2J"], "not \"\\u{1b}[2J\""),
        (["stagse"], "unknown command stagse; did you mean stages?"),
        (["policy", "chek"], "unknown command policy chek; did you mean check?"),
        (["policy"], "say lifecycle policy check or lifecycle policy diff"),
        (["policy", "check"], "FILE is missing: what to read"),
        (["help", "nothing"], "unknown command nothing\nTry `lifecycle help`."),
        (["completion", "tcsh"], "SHELL: expected bash, zsh or fish, not \"tcsh\""),
    ])
    func `that is wrong is told what was expected`(words: [String], error: String) {
        let session = Session(words)
        #expect(session.errors.contains(error), "\(session.errors)")
        #expect(session.code == .usage)
        #expect(session.output == "")
    }

    @Test func `that is wrong names the help to read`() {
        #expect(Session("policy", "check").errors.hasSuffix("\nTry `lifecycle policy check --help`.\n"))
    }

    @Test func `without a command shows help and is a mistake`() {
        let session = Session()
        #expect(session.code == .usage)
        #expect(session.errors == Session("help").output)
    }

    @Test func `that fails keeps what was printed and ends with the cause's code`() {
        let session = Session("policy", "diff")
        #expect(session.code == .damagedLog)
        #expect(session.output == "half of it\n")
        #expect(session.errors == "lifecycle: log/00000000.log: damaged at byte 96\n")
    }

    @Test func `that passes through returns the command's own code`() {
        #expect(Session("policy", "check", "f").code == .answerIsNo)
    }
}

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

    /// A reader of one file, whatever its path.
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
        #expect(session.errors.contains("shop.yaml:2:5: at: expected an instant"))
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

    @Test func `file that is named must be there, the usual one need not`() throws {
        #expect(throws: CommandFailure.self) { try ConfigurationFile.reader("/nowhere/shop.yaml") }
        #expect(try ConfigurationFile.reader(nil) == .none)
    }
}

extension Session {
    init(_ words: [String]) {
        let program = Program(
            name: "lifecycle", summary: "a test", version: "1", commands: [Sample.stages, Sample.check, Sample.diff])
        self = Self.capturing { program.run(words, environment: [:], terminal: $0) }
    }
}
