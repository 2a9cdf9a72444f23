import Foundation
import Testing

@Suite struct `The documentation` {
    @Test(arguments: Page.all)
    func `says of each block how it is tried`(page: Page) {
        #expect(page.problems.isEmpty, "\(page.problems.joined(separator: "\n"))")
    }

    @Test(arguments: Page.all)
    func `shows commands that work, and what they print`(page: Page) throws {
        let problems = try PageRun.problems(of: page)
        #expect(problems.isEmpty, "\(problems.joined(separator: "\n"))")
    }

    @Test func `begins with a README of at most 250 lines that names the two commands to begin with`() throws {
        let readme = try #require(Page.all.first)
        #expect(readme.path == "README.md" && readme.lineCount <= 250)
        let text = try String(contentsOfFile: Settings.project + "/README.md", encoding: .utf8)
        #expect(text.contains("make demo") && text.contains("make test"))
    }

    @Test func `in a README links only to files that there are`() throws {
        let text = try String(contentsOfFile: Settings.project + "/README.md", encoding: .utf8)
        for link in text.matches(of: /\]\(([^)#:]+)\)/) {
            #expect(FileManager.default.fileExists(atPath: "\(Settings.project)/\(link.1)"), "\(link.1)")
        }
    }

    @Test(.enabled(if: DocC.isInstalled, "no docc stands beside swift"))
    func `is a catalogue that DocC finds nothing to warn of in`() throws {
        let problems = try DocC.problems()
        #expect(problems.isEmpty, "\(problems)")
    }
}

extension OnKafka {
    @Suite struct `The documentation of Kafka` {
        @Test(arguments: Page.all.filter(\.needsKafka))
        func `shows commands that work, and what they print`(page: Page) throws {
            let problems = try PageRun.problems(of: page, kafka: PageKafka())
            #expect(problems.isEmpty, "\(problems.joined(separator: "\n"))")
        }
    }
}

/// The documentation's compiler of the Swift that is installed.
enum DocC {
    static let isInstalled = {
        let folders = Settings.environment["PATH", default: ""].split(separator: ":")
        let swift = folders.lazy.map { "\($0)/swift" }.first { FileManager.default.isExecutableFile(atPath: $0) }
        let docc = swift.map { URL(filePath: $0).resolvingSymlinksInPath().deletingLastPathComponent().path + "/docc" }
        return docc.map { FileManager.default.isExecutableFile(atPath: $0) } ?? false
    }()

    static func problems() throws -> String {
        let place = try Workplace()
        let run = try Child(
            [place.path + "/pages"], files: place.path + "/docs", program: Settings.project + "/.ci/docs",
            environment: Settings.environment
        ).wait()
        return run.code == 0 ? "" : "\(run.code ?? -1): \(run.output)\(run.errors)"
    }
}
