import CustomerLifecycle

/// What a customer's actions come to, and what is published of them.
extension NaivePartition {
    private func actor(_ name: String) -> NaiveActor? {
        guard let subject = subjects[name] else { return nil }
        var judge = NaiveJudge(subject.facts, under: policy)
        judge.standing = subject.stage.map { ($0, subject.since) }
        judge.members = Set(subject.segments.filter(\.value.isIn).map(\.key))
        judge.effort = subject.actions.effort
        return NaiveActor(name: name, policy: policy, judge: judge, actions: subject.actions, time: subject.time)
    }

    /// Has an actor act, and publishes what comes of it.
    private mutating func act(_ name: String, _ body: (inout NaiveActor) -> Void) {
        guard var actor = actor(name) else { return }
        body(&actor)
        subjects[name]?.actions = actor.actions
        subjects[name]?.time = actor.time
        for (instant, outcome) in actor.told { tell(.action(outcome), of: name, at: instant) }
    }

    mutating func noteNewestOrder(of name: String) {
        act(name) { actor in
            guard let newest = actor.judge.keptOrders.last else { return }
            if let known = actor.actions.newest, (newest.placed, newest.id) <= (known.placed, known.id) { return }
            actor.actions.newest = (newest.placed, newest.id)
            actor.actions.effort.sinceLastOrder = 0
        }
    }

    mutating func replan(_ name: String) {
        let adopted = adopted
        act(name) { $0.replan(since: adopted) }
    }

    mutating func cancelForgotten(_ name: String, at instant: Instant) {
        act(name) { actor in
            for ref in actor.order { actor.end(ref, "cancelled", "erased", at: instant) }
        }
    }

    mutating func lookAtActions(
        of name: String, at instant: Instant, learned: Instant?, acts: Bool, freed: Instant?, appended: Instant?,
        because cause: Cause
    ) {
        guard subjects[name] != nil else { return }
        let (entered, joined, liveTick) = (entered, joined, liveTick)
        act(name) { actor in
            let before = Set(actor.order)
            actor.begin(at: instant, learned: learned, entered: entered, joined: joined)
            guard acts else { return }
            actor.cancel(at: instant)
            actor.ripen(at: instant, freed: freed)
            if let appended, appended - liveTick <= NaiveActor.lateness {
                actor.decideOwn(besides: before, appended: appended)
            }
        }
        settleActions(of: name, at: instant, acts: acts, because: cause)
    }

    mutating func decide(of name: String, at instant: Instant, by tick: Instant) {
        act(name) { $0.decide(at: instant, by: tick) }
        guard let subject = subjects[name] else { return }
        let judge = NaiveJudge(subject.facts, under: policy)
        let looks = judge.looks(after: subject.time, everyMillisecondFor: longest)
        var review = min(
            judge.review(at: subject.time, looking: looks), subject.facts.firstConsentEnd(after: subject.time))
        if let forgotten = subject.forgottenAt { review = min(review, max(forgotten, subject.time + Milliseconds(1))) }
        subjects[name]?.review = review
        settleActions(of: name, at: subject.time, acts: true, because: .review)
    }

    /// A release may have moved segments that count our effort, and what is held back.
    private mutating func settleActions(of name: String, at instant: Instant, acts: Bool, because cause: Cause) {
        guard let subject = subjects[name] else { return }
        judgeSegments(NaiveJudge(subject.facts, under: policy), of: name, at: instant, because: cause)
        if acts { act(name) { $0.settle(at: instant) } }
        guard let actor = actor(name), let review = subjects[name]?.review else { return }
        subjects[name]?.review = min(review, actor.horizon(at: instant))
    }
}
