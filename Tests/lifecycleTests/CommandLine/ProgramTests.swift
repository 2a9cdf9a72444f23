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
    private static let file: ConfigurationFile.Reader = { path throws(CommandFailure) in
        ConfigurationFile(
            path: path ?? "lifecycle.yaml",
            values: ["data": ["from-file"], "partitions": ["7"], "columns": ["x", "y"], "json": ["yes"]])
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

    @Test func `that is repeated takes all words of its variable`() {
        let session = Session("stages", "--data", "d", environment: ["LIFECYCLE_COLUMNS": "a=b  c=d"])
        #expect(session.output == "d - 4 a=b+c=d false\n")
    }

    @Test func `that is wrong is named as it was given`() {
        let environment = ["LIFECYCLE_PARTITIONS": "many"]
        #expect(Session("stages", environment: environment, file: Self.file).errors.contains("LIFECYCLE_PARTITIONS: "))
        let session = Session("stages", "--config", "shop.yaml") { path throws(CommandFailure) in
            ConfigurationFile(path: path ?? "", values: ["data": ["d"], "at": ["soon"]])
        }
        #expect(session.errors.contains("shop.yaml: at: expected an instant"))
    }

    @Test func `of a file that no command knows is refused, one of another command is not`() {
        let unknown = Session("policy", "check", "f") { path throws(CommandFailure) in
            ConfigurationFile(path: "a.yaml", values: ["dta": ["d"]])
        }
        #expect(unknown.errors.contains("a.yaml: unknown setting dta; did you mean data?"))
        #expect(unknown.code == .usage)
        #expect(Session("policy", "check", "f", file: Self.file).output == "f\n")
    }
}

extension Session {
    init(_ words: [String]) {
        let program = Program(
            name: "lifecycle", summary: "a test", version: "1", commands: [Sample.stages, Sample.check, Sample.diff])
        self = Self.capturing { program.run(words, environment: [:], terminal: $0) }
    }
}
