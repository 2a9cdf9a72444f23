import Foundation
import Testing

extension OnKafka {
    /// The broker's other two ports: TLS, and SASL over TLS. There everyone may do only what was granted.
    @Suite(.whereBrokerIsOurs) struct `A Kafka that wants to know who comes` {
        private static let tls = Settings.brokerDirectory + "/tls"
        private static let authority = ["ssl.ca.location=\(tls)/ca.crt"]
        private static let certificate = [
            "ssl.certificate.location=\(tls)/client.crt", "ssl.key.location=\(tls)/client.key",
        ]

        private static func settings(_ pairs: [String]) -> [String] { pairs.flatMap { ["--kafka", $0] } }

        /// How `--brokers` and `--kafka` say it.
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

        @Test func `lets in who shows a certificate or a password, with the rights that the README lists`() throws {
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

        /// What the README's table grants for `run`, to a certificate and to a user.
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

        /// Each ends by itself, soon, with a message that names the cause.
        @Test(arguments: [
            ("a wrong password", overSASL("lifecycle", "wrong"), "Invalid username or password"),
            ("an unknown user", overSASL("nobody", "at-all"), "Invalid username or password"),
            ("SCRAM", overSASL("lifecycle", "lifecycle-secret", mechanism: "SCRAM-SHA-256"), "SCRAM"),
            ("an untrusted broker", overSASL("lifecycle", "lifecycle-secret", trusting: []), "certificate"),
            ("a user without rights", overSASL("stranger", "stranger-secret"), "uthor"),
        ])
        func `turns away`(who: String, connection: [String], sentence: String) throws {
            let shop = try KafkaShop()
            try shop.create()
            shop.connection = connection + ["--prefix", shop.prefix]
            let start = ContinuousClock.now
            let (processor, asking) = (try shop.start(), try shop.workplace.start(["stages"] + shop.connection))
            let refusal = try shop.end(of: processor, code: 16)
            print("\(who): \(ContinuousClock.now - start): \(refusal.errors)")
            #expect(refusal.errors.contains(sentence), "\(who): \(refusal.errors)")
            let question = try asking.wait()
            #expect(question.code == 16, "\(who)")
            #expect(question.errors.contains(sentence), "\(who): \(question.errors)")
        }

        @Test func `is not what is behind a port where nobody answers`() throws {
            let shop = try KafkaShop()
            shop.connection = ["--brokers", "127.0.0.1:9", "--prefix", shop.prefix]
            let refusal = try shop.end(of: try shop.start(), code: 4)
            #expect(refusal.errors.contains("127.0.0.1:9"), "\(refusal.errors)")
        }
    }
}
