import Testing

@testable import Service

@Suite struct `A trouble that lasts` {
    @Test func `is told at once, once a minute, and when it is over`() {
        let start = ContinuousClock.now
        var warning = RepeatedWarning()
        let wasOver = warning.isOver()
        let told = (0..<300).filter { second in warning.isDue(at: start + .seconds(second)) }
        let isOver = [warning.isOver(), warning.isOver()]
        let isToldAgain = warning.isDue(at: start + .seconds(301))
        #expect(!wasOver)
        #expect(told == [0, 60, 120, 180, 240])
        #expect(isOver == [true, false])
        #expect(isToldAgain)
    }
}
