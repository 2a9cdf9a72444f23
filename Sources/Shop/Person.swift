import CustomerLifecycle

/// A customer of the made-up shop: character, devices, and state so far.
struct Person {
    let number: CustomerNumber
    let temperament: Temperament
    let home: Home
    let firstName: String
    let traits: Traits
    /// The anonymous ids of one or two browsers.
    let devices: [BusinessID]
    /// The generator of everything that this person does, so that no person's life changes another's.
    var chance: Chance
    /// The generator of what happens beside: parcels, bounces, clicks. What is added there changes no life.
    var asides: Chance

    var device = 0
    var userID: BusinessID?
    var isSignedIn = false
    var subscriptions: Set<Channel> = []
    var orderCount = 0
    /// The orders left until the next long silence, for customers with the rhythm `spells`.
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
        asides = Chance(seed: Chance.mixed(seed &+ 1), member: number.value)
    }

    /// Begins a visit on one of the devices, signed in or not.
    mutating func arrive() {
        device = chance.number(below: devices.count)
        isSignedIn = userID != nil && chance.happens(inThousand: 800)
    }

    /// Returns the ids that an event about this person carries.
    func ids(for act: Act) -> (user: BusinessID?, anonymous: BusinessID?) {
        switch act {
        case .visited, .viewed, .addedToCart, .removedFromCart: (isSignedIn ? userID : nil, devices[device])
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
    /// Makes an id of a short prefix and a number, whose length is always valid.
    static func made(_ prefix: String, _ number: some BinaryInteger, radix: Int = 16) -> BusinessID {
        guard let id = BusinessID(prefix + String(number, radix: radix)) else {
            preconditionFailure("A prefix and a number are at most 64 bytes.")
        }
        return id
    }
}
