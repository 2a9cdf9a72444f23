import PolicyLanguage

/// A second policy for the simulated shop to adopt, with windows, consents, reviews and complaints, and with segments
/// that ask for the stage.
enum OtherPolicy {
    static let compiled = PolicyCompiler.compile(text, fileName: "other.yaml")

    static let text = """
        policy: other
        currency: EUR
        cycle ends after: 60 days
        stages:
          - upset:    open complaints >= 1 or complaints in last 30 days >= 2
          - gone:     silence > 120 days and not consent to any marketing
          - sleepy:   silence > 45 days
          - critical: reviews in last 90 days >= 1 and last review < 3 of 5
          - devoted:  orders in last 120 days >= 3
          - buyer:    orders >= 1
          - reader:   consent to any marketing
          - curious:  since last seen <= 20 days
          - visitor:  otherwise
        segments:
          big_spender: orders in last 60 days >= 3
          waiting:     stage in sleepy, gone and since stage entered > 10 days
          torn:        open complaints >= 1 and consent to any marketing

        """
}
