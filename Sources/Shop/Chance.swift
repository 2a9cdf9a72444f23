/// A random generator that repeats: the same seed gives the same numbers on every platform, since it uses integers only
/// (xoshiro256**, its state filled by SplitMix64).
package struct Chance: Sendable {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    package init(seed: UInt64) {
        var seed = seed
        func word() -> UInt64 {
            seed &+= 0x9E37_79B9_7F4A_7C15
            return Self.mixed(seed)
        }
        state = (word(), word(), word(), word())
    }

    /// Makes a generator for each member of a family, independent of the other members.
    package init(seed: UInt64, member: Int) {
        self.init(seed: Self.mixed(seed) ^ Self.mixed(UInt64(truncatingIfNeeded: member) &+ 1))
    }

    /// Returns SplitMix64's last step, which is one-to-one, so that different numbers stay different.
    package static func mixed(_ number: UInt64) -> UInt64 {
        var number = number
        number = (number ^ (number >> 30)) &* 0xBF58_476D_1CE4_E5B9
        number = (number ^ (number >> 27)) &* 0x94D0_49BB_1331_11EB
        return number ^ (number >> 31)
    }

    package mutating func next() -> UInt64 {
        let scrambled = state.1 &* 5
        let result = (scrambled << 7 | scrambled >> 57) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = state.3 << 45 | state.3 >> 19
        return result
    }

    /// Returns a number in 0 ..< `limit`, each equally likely (to one part in 2^64 / limit).
    package mutating func number(below limit: Int) -> Int {
        precondition(limit > 0, "There is no number below 0.")
        return Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(limit)).high)
    }

    package mutating func number(in range: ClosedRange<Int>) -> Int {
        range.lowerBound + number(below: range.count)
    }

    package mutating func happens(inThousand count: Int) -> Bool { number(below: 1_000) < count }

    package mutating func pick<Element>(from choices: [Element]) -> Element { choices[number(below: choices.count)] }

    /// Returns an index with a likelihood in proportion to its weight.
    package mutating func index(weighted weights: [Int]) -> Int {
        var left = number(below: weights.reduce(0, +))
        for (index, weight) in weights.enumerated() {
            if left < weight { return index }
            left -= weight
        }
        preconditionFailure("The weights add up to more than was thrown.")
    }
}

/// A distribution of lengths around their mean, as twenty equally likely ranges in hundredths of the mean.
package struct Scatter: Sendable {
    private let steps: [Int]

    /// Most lengths are near the mean, as with a habit.
    package static let steady = Self(
        steps: [30, 47, 59, 67, 74, 80, 85, 90, 94, 98, 102, 107, 112, 117, 123, 131, 140, 153, 172, 205, 280])
    /// Many lengths are short and some very long, as between independent events.
    package static let wide = Self(
        steps: [0, 5, 11, 16, 22, 29, 36, 43, 51, 60, 69, 80, 92, 105, 120, 139, 161, 190, 230, 300, 520])

    package func length(around mean: Int, _ chance: inout Chance) -> Int {
        let step = chance.number(below: steps.count - 1)
        return mean * chance.number(in: steps[step]...steps[step + 1]) / 100
    }
}
