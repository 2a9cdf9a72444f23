import Foundation
import Testing

extension OnKafka {
    /// The broker's other two ports: TLS, and SASL over TLS. There a client may do only what was granted.
    @Suite(.whereBrokerIsOurs) struct `A Kafka that wants to know who comes` {
        private static let tls = Settings.brokerDirectory + "/tls"
        private static let authority = ["ssl.ca.location=\(tls)/ca.crt"]
        private static let certificate = [
            "ssl.certificate.location=\(tls)/client.crt", "ssl.key.location=\(tls)/client.key",
        ]

        private static func settings(_ pairs: [String]) -> [String] { pairs.flatMap { ["--kafka", $0] } }

        /// Returns the words of `--brokers` and `--kafka`.
        private static func overTLS(_ pairs: [String]) -> [String] {
            ["--brokers", "127.0.0.1:\(Settings.brokerPort + 1)"] + settings(["security.protocol=ssl"] + pairs)
        }

        private static func overSASL(
            _ user: String, _ password: String, mechanism: String = "PLAIN", trusting: [String] = authority
        ) -> [String] {
            ["--brokers", "127.0.0.1:\(Settings.brokerPort + 2)"]
                + settings(
                    [
                        "security.protocol=sasl_ssl", "sasl.mechanism=\(mechanism)", "sasl.username=\(user)",
                        "sasl.password=\(password)",
                    ] + trusting)
        }

        @Test func `lets in who shows a certificate or a password, with the rights that Operating lists`() throws {
            let shop = try KafkaShop()
            try shop.create()
            try grant(shop)
            for (number, connection) in [
                Self.overTLS(Self.authority + Self.certificate), Self.overSASL("lifecycle", "lifecycle-secret"),
            ].enumerated() {
                shop.connection = connection + ["--prefix", shop.prefix]
                let line = Orders.completed("o\(number)", by: "c\(number)", at: .now)
                let processor = try shop.start(state: shop.workplace.path + "/state-\(number)")
                try shop.tools.produce([line], to: shop.input)
                try shop.drain(processor, state: shop.workplace.path + "/state-\(number)")
                let stages: StagesNow = try shop.ask("stages")
                #expect(stages.stages.values.reduce(0, +) == number + 1)
                try shop.stop(processor)
            }
        }

        private struct StagesNow: Decodable {
            let stages: [String: Int]
        }

        /// Grants what the table of the article Operating lists for `run`, to a certificate and to a user.
        private func grant(_ shop: KafkaShop) throws {
            let who = [
                "acls", "--add", "--allow-principal", "User:CN=lifecycle", "--allow-principal", "User:lifecycle",
            ]
            let grants = [
                ["--operation", "Read", "--topic", shop.input],
                ["--operation", "Read", "--operation", "Write", "--operation", "DescribeConfigs", "--topic", shop.log],
                ["--operation", "Write", "--operation", "DescribeConfigs"]
                    + ["changes", "customers", "rejected"].flatMap { ["--topic", "\(shop.prefix)lifecycle.\($0)"] },
                ["--operation", "Read"]
                    + ["router", "projector"].flatMap { ["--group", "\(shop.prefix)lifecycle-\($0)"] },
                [
                    "--operation", "Write", "--resource-pattern-type", "prefixed", "--transactional-id",
                    "\(shop.prefix)lifecycle-",
                ],
            ]
            for grant in grants { try shop.tools.run(Settings.kafka + "/tool", who + grant) }
        }

        /// A processor and a question that are refused, and why.
        private struct Refusal {
            let who: String
            let connection: [String]
            var code: Int32 = 16
            let cause: String
        }

        private static let refusals = [
            Refusal(
                who: "a wrong password", connection: overSASL("lifecycle", "wrong"),
                cause: "Invalid username or password"),
            Refusal(
                who: "an unknown user", connection: overSASL("nobody", "at-all"), cause: "Invalid username or password"),
            Refusal(
                who: "SCRAM", connection: overSASL("lifecycle", "lifecycle-secret", mechanism: "SCRAM-SHA-256"),
                cause: "SCRAM"),
            Refusal(
                who: "an untrusted broker", connection: overSASL("lifecycle", "lifecycle-secret", trusting: []),
                cause: "certificate"),
            Refusal(who: "a user without rights", connection: overSASL("stranger", "stranger-secret"), cause: "uthor"),
            Refusal(who: "nobody listens", connection: ["--brokers", "127.0.0.1:9"], code: 4, cause: "127.0.0.1:9"),
        ]

        /// One in forty was once killed by a signal: OpenSSL took its state away from a handshake that went on.
        @Test func `ends in order when it gives up while handshakes go on`() throws {
            let workplace = try Workplace()
            let questions = try (0..<60).map { _ in
                try workplace.start(["stages"] + Self.overSASL("lifecycle", "lifecycle-secret", trusting: []))
            }
            for question in questions { #expect(try question.end() == 16) }
        }

        /// Each ends by itself, soon, with a message that names the cause. They run in parallel, since they only wait.
        @Test func `turns away, and is told from a port where nobody answers`() throws {
            let started = try Self.refusals.map { refusal in
                let shop = try KafkaShop()
                try shop.create()
                shop.connection = refusal.connection + ["--prefix", shop.prefix]
                return (
                    refusal, shop, processor: try shop.start(),
                    question: try shop.workplace.start(["stages"] + shop.connection)
                )
            }
            for (refusal, shop, processor, question) in started {
                let run = try shop.end(of: processor, code: refusal.code)
                #expect(run.errors.contains(refusal.cause), "\(refusal.who): \(run.errors)")
                let answer = try question.wait()
                #expect(answer.code == refusal.code, "\(refusal.who)")
                #expect(answer.errors.contains(refusal.cause), "\(refusal.who): \(answer.errors)")
            }
        }
    }
}
