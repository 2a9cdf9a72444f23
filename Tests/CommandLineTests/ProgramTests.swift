import Capture
import Testing

@testable import CommandLine

@Suite struct `A command line` {
    @Test(arguments: [
        (["stages", "--data", "d"], "d - 4  false\n"),
        (["stages", "--data=d", "--json", "--at", "1998-06-30"], "d 1998-06-30 4  true\n"),
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
        (["stages", "--data", "d", "--at", "1998-2-29"], "--at: expected a day such as 1998-06-30, not \"1998-2-29\""),
        (["stages", "--data", "d", "--at", "\u{1B}[2J"], "not \"\\u{1b}[2J\""),
        (["stagse"], "unknown command stagse; did you mean stages?"),
        (["st\u{9B}agse"], #"unknown command st\u{9b}agse"#),
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
        #expect(session.code == Sample.broken)
        #expect(session.output == "half of it\n")
        #expect(session.errors == "lifecycle: log/00000000.log: damaged at byte 96\n")
    }

    @Test func `that passes through returns the command's own code`() {
        #expect(Session("policy", "check", "f").code == Sample.no)
    }
}
