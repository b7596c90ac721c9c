import type { Entity } from '../../engine/state/store/store.ts';

// The engine stores plain JSON. These types say what this system itself puts there; what a client may send is up to the
// contract, and optional here.

export interface Customer extends Entity {
  readonly customerId: string;
  readonly customerType: string;
  readonly status: string;
  readonly address?: { readonly country?: string };
  readonly billingAddress?: { readonly country?: string };
}

export interface Subscription extends SubscriptionTerms {
  readonly subscriptionId: string;
}

/** What a subscription says before it has an id. */
export interface SubscriptionTerms extends Entity {
  readonly customerId: string;
  readonly productId: string;
  readonly productName: string;
  readonly status: string;
  readonly startDate: string;
  readonly endDate?: string;
  readonly monthlyCharge: number;
  readonly currency: string;
  readonly addons?: readonly { readonly addonId: string; readonly addonName: string; readonly charge: number }[];
}

export interface Invoice extends Entity {
  readonly invoiceId: string;
  readonly invoiceNumber: string;
  readonly customerId: string;
  readonly status: string;
  readonly invoiceDate: string;
  readonly dueDate: string;
  readonly totalAmount: number;
  readonly taxAmount: number;
  readonly currency: string;
  readonly lineItems: readonly LineItem[];
}

/** What a customer has paid. */
export interface Payment extends Entity {
  readonly paymentId: string;
  /** The invoice that it came for. */
  readonly invoiceId: string;
  readonly customerId: string;
  readonly accountId?: string;
  readonly amount: number;
  readonly currency: string;
  readonly paymentMethod: string;
  /** `YYYY-MM-DD` */
  readonly paymentDate: string;
  /** What it has paid of which invoices, in minor units, where that is not all of it for its own invoice. */
  readonly uses?: readonly { readonly invoiceId: string; readonly amount: number }[];
}

export interface LineItem {
  readonly description: string;
  readonly quantity: number;
  readonly unitPrice: number;
  readonly amount: number;
}

export interface Product extends Entity {
  readonly productId: string;
  readonly productName: string;
  readonly productType: string;
  readonly monthlyPrice: number;
  readonly currency: string;
  readonly status: string;
}
