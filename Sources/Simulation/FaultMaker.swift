import CustomerLifecycle

extension HistoryMaker {
    mutating func turnFault(of role: Role) -> Fault? {
        guard dice.happens(percent: role == .router ? faultPercent / 2 : faultPercent) else { return nil }
        let kind = turnFaultKind(of: role)
        return Fault(kind: kind, moment: moment(of: kind, role), countdown: dice.pick([0, 0, 1, 2, 5]))
    }

    private mutating func turnFaultKind(of role: Role) -> Fault.Kind {
        switch dice.number(0...13) {
        case 13: .late
        case 0, 1, 11, 12: .crash
        case 2: .aborted
        case 3: dice.happens(percent: 50) ? .unknownCommitted : .failedCommitted
        case 4: .unknownLost
        case 5: .fenced
        case 6: .diskFull(bytesLeft: dice.number(0...600))
        case 7: dice.happens(percent: 50) ? .stalled(.hours(dice.number(Int64(1)...3_000))) : .released(input: 0)
        default: .rebalanced(shift())
        }
    }

    mutating func shift() -> Fault.Shift {
        Fault.Shift(
            place: dice.number(0...2), turnCount: dice.number(0...3), comesBack: dice.happens(percent: 50),
            unsettledPollCount: dice.number(0...2))
    }

    private mutating func moment(of kind: Fault.Kind, _ role: Role) -> Moment {
        switch kind {
        case .aborted, .unknownLost, .unknownCommitted, .failedCommitted: .beforeCommit
        case .diskFull: .begin
        case .late: .poll
        case .fenced: dice.pick([.begin, .afterProduce, .beforeOffsets, .beforeCommit])
        case .stalled, .arrives, .released:
            dice.pick([.beforeClock, .afterClock, .beforeEnd, .afterEnd, .poll, .beforeCommit])
        case .crash, .rebalanced:
            dice.pick(role == .router ? Moment.allCases.filter { $0 != .afterMerge } : Moment.allCases)
        }
    }

    mutating func importFault() -> Fault? {
        guard dice.happens(percent: faultPercent) else { return nil }
        let countdown = dice.pick([0, 0, 1, 2, 5])
        switch dice.number(0...5) {
        case 0, 1:
            return Fault(
                kind: .crash, moment: dice.pick([.begin, .afterProduce, .beforeOffsets, .afterOffsets, .afterCommit]),
                countdown: countdown)
        case 2: return Fault(kind: .aborted, moment: .beforeCommit, countdown: countdown)
        case 3:
            return Fault(
                kind: dice.pick([.unknownCommitted, .unknownLost, .failedCommitted]), moment: .beforeCommit,
                countdown: countdown)
        case 4: return Fault(kind: .fenced, moment: dice.pick([.begin, .afterProduce]), countdown: countdown)
        default: return Fault(kind: .diskFull(bytesLeft: dice.number(0...600)), moment: .begin, countdown: countdown)
        }
    }

    mutating func checkpointFault() -> CheckpointFault? {
        guard dice.happens(percent: faultPercent) else { return nil }
        return dice.happens(percent: 50)
            ? .diskFull(bytesLeft: dice.number(0...800))
            : .crash(step: dice.number(0...3), operations: dice.number(0...4))
    }
}
