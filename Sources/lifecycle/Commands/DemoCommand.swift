import CommandLine
import CustomerLifecycle
import Processor
import Service
import Shop
import Storage
import Wire

/// `demo`: fills a made-up shop, tells the stories of three of its customers, and goes on at a pace that one can
/// follow.
enum DemoCommand {
    private static let seed = Parameter.standard(
        "seed", Format<UInt64>.seed, "1", help: "which shop: another number gives other customers")
    private static let once = Parameter.flag("once", help: "end after the stories instead of going on")
    private static let console = Parameter.flag(
        "console", help: "after the stories show the shop in a browser, until Ctrl-C")
    private static let data = Parameter.optional(
        "data", Format<String>.folder, help: "where to keep the shop's log; without it a new temporary directory")

    static let command = Command(
        "demo", "show a made-up shop's lifecycle: the funnel filling, and three customers' stories",
        discussion: """
            Nothing is needed: no server, no file. The shop's events go the way of any shop's, through a live input \
            topic and the router to the log and on to the published changes, on a clock that runs as fast as it can. \
            The same seed gives the same shop. The log is kept, so that every other command can be tried on it.
            """,
        parameters: seed, once, console, data
    ) { settings, terminal throws(CommandFailure) in
        let directory = try DemoDirectory.make(settings[data])
        try CommandFailure.translating { () throws(ProcessorError) in
            let shop = try DemoShop(directory: directory, seed: settings[seed])
            var demo = try Demo(shop, seed: settings[seed], terminal: terminal)
            try demo.run(once: settings[once] || settings[console])
        }
        guard settings[console], !terminal.output.isClosed else { return .done }
        return try ConsoleCommand.show(DataDirectory(directory, .readOnly), terminal)
    }
}
