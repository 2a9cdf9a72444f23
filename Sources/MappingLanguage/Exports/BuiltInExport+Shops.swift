extension BuiltInExport {
    private static let analyticsLack =
        "It names customers, and a name is no id: two of one name would become one. Export orders with the plugin "
        + "'Advanced Order Export For WooCommerce' (WooCommerce › Export Orders), which has Email (Billing), or read "
        + "the orders of WooCommerce's REST API with --mapping woocommerce-orders."

    static let wooCommerceAnalyticsText = """
        export: woocommerce-analytics
        about: WooCommerce's analytics of orders, which names customers and has no id or address of them.
        menu: Analytics › Orders › Download
        source: https://github.com/woocommerce/woocommerce, client/admin/client/analytics/report/orders/table.js, 2025
        recognised by: ["Order #", Status, Customer, Customer type, Net sales]
        lacks: "\(analyticsLack)"

        """

    static let wooCommerceServerAnalyticsText = """
        export: woocommerce-analytics-mailed
        about: WooCommerce's analytics of orders as it mails them, which names customers and has no id or address of \
        them.
        menu: Analytics › Orders › Download, of many orders
        source: https://github.com/woocommerce/woocommerce, src/Admin/API/Reports/Orders/Controller.php, 2025
        recognised by: ["Order #", "N. Revenue (formatted)", Status, Customer]
        lacks: "\(analyticsLack)"

        """

    private static let wooCommerceStatuses = """
        statuses:
          kept: [processing, completed, In Bearbeitung, Abgeschlossen, Fertiggestellt, En cours, Terminée, \
        Procesando, Completado, In lavorazione, Completato, In behandeling, Wordt verwerkt, Afgerond, Voltooid, W \
        trakcie realizacji, Zrealizowane, Em processamento, Processando, Concluída, Concluído]
          pending: [pending, pending payment, on-hold, on hold, Zahlung ausstehend, In Wartestellung, Wartend, \
        Attente paiement, En attente de paiement, En attente, Pendiente de pago, En espera, In attesa di pagamento, \
        In sospeso, Wachtend op betaling, In de wacht, Oczekujące na płatność, "Wstrzymane (oczekujące na \
        płatność)", Wstrzymane, Pagamento pendente, Aguarda confirmação de pagamento, Aguardando]
          cancelled: [cancelled, failed, Storniert/Abgebrochen, Storniert, Fehlgeschlagen, Annulée, Échouée, Échoué, \
        Cancelado, Fallido, Annullato, Fallito, Geannuleerd, Mislukt, Anulowane, Nieudane, Cancelada, Falhada, \
        Malsucedido]
          refunded: [refunded, Rückerstattet, Erstattet, Remboursée, Reembolsado, Rimborsato, Terugbetaald, \
        Zwrócone, Reembolsada]
          ignored: [checkout-draft, auto-draft, draft, trash, Entwurf, Brouillon, Borrador, Bozza, Concept, Szkic, \
        Rascunho]
        """

    static let wooCommerceAdvancedText = """
        export: woocommerce-advanced-export
        about: Orders as the plugin "Advanced Order Export For WooCommerce" writes them, with its usual columns.
        menu: WooCommerce › Export Orders, as CSV
        source: https://wordpress.org/plugins/woo-order-export-lite, version 3.5
        recognised by: [Order Number, Order Status, Order Date, Email (Billing), Order Total Amount]
        columns:
          row_group: Order Number
          order_id: [Order ID, Order Number]
          customer_id: Email (Billing)
          ordered_at: Order Date
          status: Order Status
          total: Order Total Amount
          shipping: Order Shipping Amount
          tax: Order Total Tax Amount
          currency: Currency
          coupon: Coupon Code
          discount: Cart Discount Amount
          refunded_total: Order Refund Amount
          refunded_at: Date of first refund
          paid: Order Total Amount
        value: Order Total Amount less shipping and tax
        amounts: order
        \(wooCommerceStatuses)
        note: customers are known by their billing address, as in the built-in mapping woocommerce-orders; its \
        orders are known by their id, which Order Number is where no other plugin numbers orders

        """

    static let wooCommerceWebToffeeText = """
        export: woocommerce-webtoffee
        about: Orders as the plugin "Order Export & Order Import for WooCommerce" writes them.
        menu: WebToffee Import Export › Export › Order
        source: https://wordpress.org/plugins/order-import-export-for-woocommerce, version 2.7.4, May 2026
        recognised by: [order_id, order_number, order_date, status, order_subtotal, order_currency, billing_email]
        columns:
          order_id: order_id
          customer_id: [billing_email, customer_email]
          ordered_at: order_date
          status: status
          total: order_subtotal
          reduction: discount_total
          discount: discount_total
          currency: order_currency
        value: order_subtotal less discount_total; shipping and tax are not in it
        amounts: order
        \(wooCommerceStatuses)
        note: customers are known by their billing address and orders by their id, as in the built-in mapping \
        woocommerce-orders; refunds of a part are not read (they stand in refund_items)

        """

    static let magentoText = """
        export: magento-orders
        about: The grid of orders of Magento 2 and Adobe Commerce.
        menu: Sales › Orders › Export › CSV
        source: https://github.com/magento/magento2, sales_order_grid.xml, 2.4
        recognised by: [ID, Purchase Date, Grand Total (Base), Status, Customer Email]
        columns:
          order_id: ID
          customer_id: Customer Email
          ordered_at: Purchase Date
          status: Status
          total: [Subtotal, Grand Total (Base)]
          refunded_total: Total Refunded
          paid: Grand Total (Purchased)
        value: Subtotal, before shipping, tax and discounts, which the grid does not have, in the shop's base currency
        amounts: order
        statuses:
          kept: [processing, complete]
          refunded: closed
          cancelled: [canceled, cancelled, PayPal Canceled Reversal]
          pending: [pending, pending payment, holded, on hold, payment review, fraud, suspected fraud, Pending \
        PayPal, PayPal Reversed]
        note: customers are known by their address, orders by their increment id; the grid names no currency

        """

    static let prestaShopListText = """
        export: prestashop-list
        about: PrestaShop's list of orders, which has a customer's initial and last name, and no id or address.
        menu: Orders › Orders › Export
        source: https://github.com/PrestaShop/PrestaShop, OrderController.php, 8.x
        recognised by: [ID, Reference, New client, Delivery, Customer, Total, Payment, Status, Date]
        lacks: "A name is no id: two of one name would become one. Use Advanced Parameters › Database › SQL Manager \
        with: SELECT o.id_order, o.reference, o.id_customer, c.email, o.date_add, o.total_products, \
        o.total_discounts_tax_excl, cur.iso_code AS currency, osl.name AS status FROM ps_orders o JOIN ps_customer c \
        ON c.id_customer = o.id_customer JOIN ps_currency cur ON cur.id_currency = o.id_currency JOIN \
        ps_order_state_lang osl ON osl.id_order_state = o.current_state AND osl.id_lang = 1"

        """

    static let prestaShopText = """
        export: prestashop-sql
        about: Orders of PrestaShop by a query of its SQL Manager, which the message on its list of orders has.
        menu: Advanced Parameters › Database › SQL Manager › Export
        source: https://github.com/PrestaShop/PrestaShop, ExportCsvFileWriter.php and install-dev/langs, 8.x
        recognised by: [id_order, email, date_add, total_products]
        columns:
          order_id: id_order
          customer_id: email
          ordered_at: date_add
          status: status
          total: total_products
          reduction: total_discounts_tax_excl
          discount: total_discounts_tax_excl
          currency: currency
          email_consent: newsletter
        value: total_products less discounts, both without tax; shipping is not in it
        amounts: order
        statuses:
          kept: [Payment accepted, Processing in progress, Preparation in progress, Shipped, Delivered, On backorder \
        (paid), Remote payment accepted, Zahlung eingegangen, Bestellung in Bearbeitung, Bestellung versandt, \
        Versandt, Bestellung ausgeliefert, Ausgeliefert, Artikel nicht auf Lager (bezahlt), Zahlung ausserhalb von \
        PrestaShop eingegangen, Paiement accepté, En cours de préparation, Expédié, Livré, En cours de \
        réapprovisionnement, En attente de réapprovisionnement (payé), Paiement à distance accepté, Pago aceptado, \
        Preparación en proceso, Enviado, Entregado, Pago a distancia aceptado, Pagamento accettato, Preparazione in \
        corso, Consegna in corso, Spedito, Consegnato, Betaling aanvaard, Wordt momenteel voorbereid, Verzonden, \
        Afgeleverd, Momenteel in backorder (betaald), Betaling op afstand aanvaard, Płatność zaakceptowana, \
        Przygotowanie w toku, Wysłane, Dostarczone, Płatność przyjęta, Pagamento aceite, Pagamento aceito, \
        Preparação em curso, Preparação em andamento, Entregue, Pagamento remoto aceite, Pagamento a distância \
        aceito, Pagamento por Multibanco aceite]
          pending: [Awaiting check payment, Awaiting bank wire payment, Awaiting PayPal payment, Awaiting Cash On \
        Delivery validation, On backorder (not paid), Warten auf Scheckzahlung, Warten auf Zahlungseingang von Bank, \
        Warten auf Zahlungseingang von PayPal, Awaiting cod validation, Artikel nicht auf Lager, En attente de \
        paiement par chèque, En attente du paiement par chèque, En attente de virement bancaire, En attente de \
        paiement PayPal, En attente de paiement à la livraison, En attente de réapprovisionnement (non payé), Pago \
        mediante cheque pendiente, Pago por transferencia bancaria pendiente, Pago mediante PayPal pendiente, In \
        attesa di pagamento con assegno, In attesa di pagamento con bonifico bancario, In attesa di pagamento con \
        PayPal, In afwachting van betaling per cheque, In afwachting van bankoverschrijving, In afwachting van \
        betaling via PayPal, Wachten op bevestiging (rembours), Momenteel in backorder (niet betaald), Oczekiwanie \
        na płatność czekiem, Oczekiwanie płatności czekiem, Oczekiwanie na płatność przelewem bankowym, Oczekiwanie \
        na płatność Paypal, A aguardar pagamento por cheque, Aguardando o pagamento por cheque, A aguardar pagamento \
        por PayPal, Aguardando o pagamento pelo Paypal, A aguardar pagamento por Multibanco]
          cancelled: [Canceled, Cancelled, Payment error, Bestellung storniert, Storniert, Fehler bei der Bezahlung, \
        Annulé, Erreur de paiement, Cancelado, Error en el pago, Annullato, Errore di pagamento, Geannuleerd, \
        Betalingsfout, Anulowane, Błąd płatności, Erro de pagamento, Erro no pagamento]
          refunded: [Refunded, Refund, Zahlung erstattet, Erstattet, Remboursement, Remboursé, Reembolso, \
        Reembolsado, Rimborsato, Terugbetaling, Terugbetaald, Zwrot]
        note: customers are known by their address, orders by id_order; for PrestaShop's own customer id say \
        --columns customer_id=id_customer

        """
}
