/** Numbers that regulators keep free of subscribers (Ofcom, BNetzA, ARCEP, ACMA, NANPA). */
const RESERVED_NUMBERS =
  /^\+(442079460\d{3}|441632960\d{3}|447700900\d{3}|493023125\d{3}|496990009\d{3}|494066969\d{3}|492214710\d{3}|498999998\d{3}|33(19900|26191|35301|46571|53649|63998)\d{4}|61[2378](5550|7010)\d{4}|61491570(156|157|158|159|110)|1[2-9]\d{2}55501\d{2})$/;

/** Whether a telephone number can belong to nobody. */
export function isReservedNumber(number: string): boolean {
  return RESERVED_NUMBERS.test(number);
}

/** Whether a mailbox can belong to nobody (RFC 2606). */
export function isReservedMailbox(mailbox: string): boolean {
  return /^[a-z0-9.]+@example\.(com|org|net)$/.test(mailbox);
}
