import Foundation
import Glibc
import Testing

extension OnKafka {
    /// A policy with a minute for what takes shops half a year.
    @Suite struct `Silence on Kafka` {
        private static let policy = """
            policy: minutes
            currency: EUR

            stages:
              - dormant: silence > 1 minute
              - buyer:   orders >= 1
              - visitor: otherwise

            """
        private static let customer = "c1"

        /// Four shops run in parallel, since a minute is long. In the first one silence acts by itself; in the others a
        /// second order waits unread, and until it is read no customer may become silent.
        @Test func `acts by itself, and never while an order waits unread`() throws {
            let undisturbed = try WaitingShop(policy: Self.policy, customer: Self.customer)
            let waiting = [
                try WaitingShop(policy: Self.policy, customer: Self.customer, obstacle: .pausedRouter),
                try WaitingShop(policy: Self.policy, customer: Self.customer, obstacle: .openTransaction),
                try WaitingShop(policy: Self.policy, customer: Self.customer, obstacle: .cutRouter),
            ]
            for shop in waiting { try shop.makeAnOrderWait() }

            let dormant = try undisturbed.awaitDormant()
            let ordered = try #require(undisturbed.orderedAt)
            #expect(dormant.time == Orders.instantText(ordered.addingTimeInterval(60.001)))
            // The others would be silent by now too, had their orders not waited.
            for shop in waiting {
                #expect(try shop.dormantCount() == 0, "\(shop.obstacle)")
                try shop.expectTimeIsHeldBack()
                try shop.letTheOrderIn()
                #expect(try shop.dormantCount() == 0, "\(shop.obstacle)")
            }
        }
    }
}

/// A shop whose customer orders twice, the second time behind an obstacle.
private final class WaitingShop {
    enum Obstacle {
        case none
        case pausedRouter
        /// Another producer's open transaction in the input topic.
        case openTransaction
        case cutRouter
    }

    let shop: KafkaShop
    let obstacle: Obstacle
    private(set) var orderedAt: Date?
    private let customer: String
    private let router: Child
    private let projector: Child
    private var cable: Cable?
    private var transaction: OpenTransaction?

    init(policy: String, customer: String, obstacle: Obstacle = .none) throws {
        self.obstacle = obstacle
        self.customer = customer
        shop = try KafkaShop(partitions: 1, inputPartitions: 1)
        let routerState = shop.workplace.path + "/router-state"
        let file = shop.workplace.path + "/minutes.yaml"
        try policy.write(toFile: file, atomically: false, encoding: .utf8)
        try shop.create(policy: file)
        projector = try shop.start("--role", "projector")
        if obstacle == .cutRouter {
            let cable = try Cable(tools: shop.tools, directory: shop.workplace.path)
            self.cable = cable
            router = try shop.start("--role", "router", state: routerState, through: cable)
        } else {
            router = try shop.start("--role", "router", state: routerState)
        }
        let time = Date.now
        try shop.tools.produce([Orders.completed("o1", by: customer, at: time)], to: shop.input)
        try eventually("the first order is answered") { try shop.changes().count == 1 }
        orderedAt = time
        try eventually("time moves") { try shop.status()?.worker("projector")?.seenUntil != nil }
    }

    private var secondOrder: String { Orders.completed("o2", by: customer, at: .now) }

    func makeAnOrderWait() throws {
        switch obstacle {
        case .none: break
        case .pausedRouter:
            router.signal(SIGSTOP)
            try shop.tools.produce([secondOrder], to: shop.input)
        case .openTransaction: transaction = try OpenTransaction(of: secondOrder, to: shop.input)
        case .cutRouter:
            try cable?.cut()
            try shop.tools.produce([secondOrder], to: shop.input)
        }
    }

    func letTheOrderIn() throws {
        switch obstacle {
        case .none: break
        case .pausedRouter: router.signal(SIGCONT)
        case .openTransaction: try transaction?.commit()
        case .cutRouter: try cable?.mend()
        }
        try eventually("the second order is in the log", within: .seconds(90)) {
            try shop.requireRunning(router)
            let answer: CustomersAnswer = try shop.ask("customers")
            return answer.customers.first?.orders == 2
        }
    }

    func awaitDormant() throws -> PublishedChange {
        var found: PublishedChange?
        try eventually("silence acts", within: .seconds(240)) {
            try shop.requireRunning(router)
            try shop.requireRunning(projector)
            found = try shop.changes().first { $0.stage == "dormant" }
            return found != nil
        }
        return try #require(found)
    }

    func dormantCount() throws -> Int { try shop.changes().count { $0.stage == "dormant" } }

    /// Checks that time has not passed the first order's, and that the status names what limits it.
    func expectTimeIsHeldBack() throws {
        let worker = try #require(try shop.status()?.worker("projector"))
        #expect(worker.timeLimitedBy == "\(shop.input)/0", "\(obstacle)")
        let seen = try Date(
            try #require(worker.seenUntil), strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        let ordered = try #require(orderedAt)
        #expect(seen.timeIntervalSince(ordered) < 60, "\(obstacle): inputs count as seen up to \(seen)")
    }
}
