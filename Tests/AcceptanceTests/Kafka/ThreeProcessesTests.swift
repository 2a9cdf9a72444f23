import Foundation
import Testing

extension OnKafka {
    @Suite struct `Three processes on six partitions` {
        /// `make soak` does the same for longer, and prints the lag as it goes.
        @Test func `hold a steady stream while one after the other is restarted, and do everything once`() throws {
            let workplace = try Workplace()
            let soak = try KafkaTools(in: workplace.path).start(
                Settings.project + "/.ci/soak", [Settings.shared, "300", "60", "8"])
            let run = try soak.wait()
            print(run.output)
            #expect(run.code == 0, "\(run.errors)")
        }
    }
}
