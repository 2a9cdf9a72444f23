import CustomerLifecycle

/// A customer as the shop's world knows one: character, devices, and what became of them so far.
struct Person {
    let number: CustomerNumber
    let temperament: Temperament
    let home: Home
    let firstName: String
    let traits: Traits
    /// One or two browsers, each with an anonymous id of its own.
    let devices: [BusinessID]
    /// All that this person does is thrown from here, so that nobody's life changes anybody else's.
    var chance: Chance

    var device = 0
    var userID: BusinessID?
    var isSignedIn = false
    var subscriptions: Set<Channel> = []
    var orderCount = 0
    /// Orders until the next long silence, for those who live in spells.
    var ordersLeftInSpell: Int

    var habits: Habits { Habits.all[temperament.rawValue] }

    init(number: CustomerNumber, seed: UInt64) {
        var chance = Chance(seed: seed, member: number.value)
        self.number = number
        temperament = Temperament.allCases[chance.index(weighted: Habits.shares)]
        home = Home.allCases[chance.index(weighted: [50, 18, 12, 8, 6, 6])]
        firstName = chance.pick(from: FirstNames.all)
        traits = Self.traits(&chance)
        let deviceCount = chance.happens(inThousand: 220) ? 2 : 1
        devices = (0..<deviceCount).map { _ in .made("v-", chance.next()) }
        ordersLeftInSpell = chance.number(in: 1...3)
        self.chance = chance
    }

    /// A visit begins, on one of the devices, signed in or not.
    mutating func arrive() {
        device = chance.number(below: devices.count)
        isSignedIn = userID != nil && chance.happens(inThousand: 800)
    }

    /// The ids that an event about this person carries.
    func ids(for act: Act) -> (user: BusinessID?, anonymous: BusinessID?) {
        switch act {
        case .visited, .viewed, .addedToCart: (isSignedIn ? userID : nil, devices[device])
        default: (userID, act.isByShop ? nil : devices[device])
        }
    }

    private static func traits(_ chance: inout Chance) -> Traits {
        var profile: Profile = [.email, .name]
        if chance.happens(inThousand: 300) { profile.insert(.phone) }
        guard chance.happens(inThousand: 350) else { return Traits(profile: profile) }
        profile.insert(.birthday)
        let birthday = Birthday(month: chance.number(in: 1...12), day: chance.number(in: 1...28))
        return Traits(profile: profile, birthday: birthday)
    }
}

extension BusinessID {
    /// A short prefix and a number; always of a length that an id may have.
    static func made(_ prefix: String, _ number: some BinaryInteger, radix: Int = 16) -> BusinessID {
        guard let id = BusinessID(prefix + String(number, radix: radix)) else {
            preconditionFailure("A prefix and a number are at most 64 bytes.")
        }
        return id
    }
}
