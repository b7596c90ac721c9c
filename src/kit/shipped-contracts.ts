// Written by `bss-simulator types` from the contracts that are served: run it again in place of changing this file.

/** The named schemas of each contract, as the server sends them. */
export interface Schemas {
  'aps-subscriptions/bss-subscription': {
    /** A length of time: so many days, months or years. */
    SubscriptionPeriod: {
      /** Unit of time. */
      type?: 'DAY' | 'MONTH' | 'YEAR';
      /** How many of that unit. */
      duration?: number;
    };
    BSSSubscription: {
      aps?: {
        id?: string;
        type?: string;
        status?: string;
        revision?: number;
        modified?: string;
      };
      /** Number of the subscription inside the platform. */
      subscriptionId?: number;
      /** The id the vendor gave the subscription. */
      vendorSubscriptionId?: string;
      /** Name shown to people. */
      name?: string;
      /** How long one term of the subscription lasts. */
      subscriptionPeriod?: Schemas['aps-subscriptions/bss-subscription']['SubscriptionPeriod'];
      /** Whether the subscription is on trial. */
      trial?: boolean;
      /** State of the contract. */
      status?: 'NEW' | 'ACTIVE' | 'ADMINISTRATIVE_HOLD' | 'CREDIT_HOLD' | 'FULL_HOLD' | 'GRACE' | 'EXPIRED' | 'TERMINATED';
      /** State of the services behind the contract. */
      serviceStatus?: 'NOT_EXIST' | 'CREATING' | 'STARTING' | 'RUNNING' | 'STOPPING' | 'STOPPED' | 'REMOVING' | 'CHANGING_PLAN' | 'REMOVED';
      account: {
        aps: {
          id?: string;
          type?: string;
          link?: string;
          href?: string;
        };
      };
      bssAccountInfo?: {
        aps: {
          id?: string;
          type?: string;
          link?: string;
          href?: string;
        };
      };
      vendor?: {
        aps: {
          id?: string;
          type?: string;
          link?: string;
          href?: string;
        };
      };
      servicePlan?: {
        aps: {
          id?: string;
          type?: string;
          link?: string;
          href?: string;
        };
      };
      parentSubscription?: {
        aps: {
          id?: string;
          type?: string;
          link?: string;
          href?: string;
        };
      };
      childSubscriptions?: {
        aps: {
          id?: string;
          type?: string;
          link?: string;
          href?: string;
        };
      }[];
      paSubscription?: {
        aps: {
          id?: string;
          type?: string;
          link?: string;
          href?: string;
        };
      };
    };
  };
  'aps-subscriptions/core-resource': {
    /** How much is used, and how much may be. */
    Counter: {
      usage?: number;
      limit?: number;
    };
    /** How much may be used. */
    Limit: {
      limit?: number;
    };
    /** How much is used. */
    Usage: {
      usage?: number;
    };
    /** The resource an event comes from. */
    NotificationSource: {
      /** Its APS type. */
      type?: string;
      /** Its id. */
      id?: string;
    };
    /** One event. */
    Notification: {
      /** URI that names the kind of event. */
      type: string;
      /** When it happened. */
      time?: string;
      /** Number of the event; it only grows. */
      serial?: number;
      /** Where it comes from. */
      source?: Schemas['aps-subscriptions/core-resource']['NotificationSource'];
    };
    Resource: {
      aps?: {
        id?: string;
        type?: string;
        status?: string;
        revision?: number;
        modified?: string;
      };
    };
  };
  'aps-subscriptions/pa-account': {
    /** A postal address. */
    Address: {
      postOfficeBox?: string;
      /** What does not fit on the line of the street. */
      extendedAddress?: string;
      streetAddress?: string;
      /** Town or city. */
      locality?: string;
      /** State, county or province. */
      region?: string;
      postalCode?: string;
      /** Country, as a code of two letters. */
      countryName?: string;
    };
    /** A person who can be asked. */
    Contact: {
      email?: string;
      givenName?: string;
      familyName?: string;
      telVoice?: string;
    };
    PAAccount: {
      aps?: {
        id?: string;
        type?: string;
        status?: string;
        revision?: number;
        modified?: string;
      };
      /** Number of the account inside the platform. */
      id: number;
      /** What part the account plays. */
      type: 'ADMIN' | 'RESELLER' | 'CLIENT' | 'SYSTEM';
      /** Name of the company that holds the account. */
      companyName?: string;
      /** True if a private person holds the account. */
      personal?: boolean;
      /** Postal address of the holder. */
      addressPostal?: Schemas['aps-subscriptions/pa-account']['Address'];
      /** Whom to ask about the account itself. */
      adminContact?: Schemas['aps-subscriptions/pa-account']['Contact'];
      /** Whom to ask about bills. */
      billingContact?: Schemas['aps-subscriptions/pa-account']['Contact'];
      /** Whom to ask about technical matters. */
      techContact?: Schemas['aps-subscriptions/pa-account']['Contact'];
      subscriptions?: {
        aps: {
          id?: string;
          type?: string;
          link?: string;
          href?: string;
        };
      }[];
      domains?: {
        aps: {
          id?: string;
          type?: string;
          link?: string;
          href?: string;
        };
      }[];
      templates?: {
        aps: {
          id?: string;
          type?: string;
          link?: string;
          href?: string;
        };
      }[];
      brands?: {
        aps: {
          id?: string;
          type?: string;
          link?: string;
          href?: string;
        };
      }[];
      publicActor?: {
        aps: {
          id?: string;
          type?: string;
          link?: string;
          href?: string;
        };
      };
      parent?: {
        aps: {
          id?: string;
          type?: string;
          link?: string;
          href?: string;
        };
      };
      accounts?: {
        aps: {
          id?: string;
          type?: string;
          link?: string;
          href?: string;
        };
      }[];
      adminContactUser?: {
        aps: {
          id?: string;
          type?: string;
          link?: string;
          href?: string;
        };
      };
      billingContactUser?: {
        aps: {
          id?: string;
          type?: string;
          link?: string;
          href?: string;
        };
      };
      techContactUser?: {
        aps: {
          id?: string;
          type?: string;
          link?: string;
          href?: string;
        };
      };
      bssAccountInfo?: {
        aps: {
          id?: string;
          type?: string;
          link?: string;
          href?: string;
        };
      };
    };
  };
  'aps-subscriptions/resources': {
    /** What the bus keeps about a resource. Clients cannot set any of it. */
    ApsEnvelope: {
      /** APS id */
      readonly id: string;
      /** Id of the APS type */
      readonly type: string;
      /** State of the resource */
      readonly status: 'aps:proto' | 'aps:provisioning' | 'aps:ready' | 'aps:activating' | 'aps:unprovisioning' | 'aps:deleted' | 'aps:upgrading' | 'aps:configuring';
      /** Grows by one with each change */
      readonly revision: number;
      /** When it last changed, in UTC */
      readonly modified: string;
      /** APS id of the subscription the resource belongs to */
      readonly subscription?: string;
      /** Path of the type on the bus */
      readonly schema?: string;
      /** The application package the type comes from */
      readonly package?: {
        readonly id?: string;
        readonly href?: string;
      };
    };
    /** A resource; the properties of its APS type stand beside `aps`. */
    ApsResource: {
      aps: Schemas['aps-subscriptions/resources']['ApsEnvelope'];
    } & Record<string, unknown>;
    /** What is ordered, and by whom, or the account to open. More members are properties of the type. */
    ApsResourceOrder: {
      aps: {
        /** Id of the APS type */
        type: string;
      };
      /** A link to the account that orders a subscription */
      account?: {
        aps: {
          id: string;
        };
      };
      /** A link to the account that a new one is opened below */
      parent?: {
        aps: {
          id: string;
        };
      };
      /** A link to what is ordered, by the number that the selling system gives it */
      servicePlan?: {
        aps: {
          id: string;
        };
      };
      /** The name of what is ordered, where no service plan is linked */
      name?: string;
    } & Record<string, unknown>;
    /** The members to set. `aps` may be sent to say which resource is meant. */
    ApsResourceUpdate: {
      /** Identifies the resource. Members other than id and type are ignored. */
      aps?: {
        id?: string;
        type?: string;
      } & Record<string, unknown>;
    } & Record<string, unknown>;
    ApsError: {
      /** The HTTP status code */
      code: number;
      /** Name of the kind of error */
      type: string;
      /** What went wrong, for people */
      message: string;
      /** The same as `type` */
      error?: string;
    } & Record<string, unknown>;
  };
  'aps-subscriptions/subscription-management-service': {
    BSSSubscriptionDynamic: {
      /** Number of the subscription inside the platform. */
      subscriptionId?: number;
      account?: Schemas['aps-subscriptions/subscription-management-service']['PAAccount'];
      vendor?: Schemas['aps-subscriptions/subscription-management-service']['PAAccount'];
    };
    PAAccount: Schemas['aps-subscriptions/pa-account']['PAAccount'];
    Address: Schemas['aps-subscriptions/pa-account']['Address'];
    Contact: Schemas['aps-subscriptions/pa-account']['Contact'];
    /** Total contract value of a subscription between one buyer and one seller in the chain of vendors. */
    TcvLevelInfo: {
      /** The account that buys at this level. */
      buyer?: Schemas['aps-subscriptions/subscription-management-service']['CompositeId'];
      /** The account that sells at this level. */
      seller?: Schemas['aps-subscriptions/subscription-management-service']['CompositeId'];
      /** Code of the currency used at this level. */
      currency?: string;
      /** Contract value before discount. */
      total?: string;
      /** Discount on the contract value. */
      discTotal?: string;
      /** Contract value in effect. */
      effectiveTotal?: string;
    };
    /** Identifies one object both on the APS bus and inside the platform. */
    CompositeId: {
      /** APS UUID. */
      id: string;
      /** Number inside the platform. */
      internalId?: number;
    };
    /** One entry of the list: a subscription and its total contract values. */
    BssSubscriptionWithTcv: {
      /** The subscription. */
      bssSubscription?: Schemas['aps-subscriptions/subscription-management-service']['BSSSubscriptionDynamic'];
      /** Its total contract values, one for each level of the chain of vendors. */
      tcvs?: Schemas['aps-subscriptions/subscription-management-service']['TcvLevelInfo'][];
    };
    /** What an outside system reports for billing. */
    BillRequest: {
      /** UUIDs of the subscriptions that have usage. */
      subscriptionUuids?: string[];
      /** A remark on that usage. */
      comment?: string;
    };
    SubscriptionManagementService: {
      aps?: {
        id?: string;
        type?: string;
        status?: string;
        revision?: number;
        modified?: string;
      };
    };
    BSSSubscription: Schemas['aps-subscriptions/bss-subscription']['BSSSubscription'];
    SubscriptionPeriod: Schemas['aps-subscriptions/bss-subscription']['SubscriptionPeriod'];
  };
  'billing-account/billing-account': {
    /** One balance of an account. */
    AccountBalance: {
      /** Class this one extends. */
      '@baseType'?: string;
      /** URI of a JSON Schema with further attributes and relationships. */
      '@schemaLocation'?: string;
      /** Name of the actual class. */
      '@type'?: string;
      amount: Schemas['billing-account/billing-account']['Money'];
      /** Kind of balance, such as deposit, disputed, loyalty or receivable. */
      balanceType: string;
      validFor: Schemas['billing-account/billing-account']['TimePeriod'];
    };
    /** Reference to an account, be it a party account or a financial account. */
    AccountRef: {
      /** Class this one extends. */
      '@baseType'?: string;
      /** Class of the account referred to, where it is in doubt. */
      '@referredType'?: string;
      /** URI of a JSON Schema with further attributes and relationships. */
      '@schemaLocation'?: string;
      /** Name of the actual class. */
      '@type'?: string;
      /** What the account is for. */
      description?: string;
      /** Address of the account. */
      href?: string;
      /** Key of the account. */
      id: string;
      /** Name of the account. */
      name?: string;
    };
    /** How one account stands to another, for example the account of a chain to those of its shops. */
    AccountRelationship: {
      /** Class this one extends. */
      '@baseType'?: string;
      /** URI of a JSON Schema with further attributes and relationships. */
      '@schemaLocation'?: string;
      /** Name of the actual class. */
      '@type'?: string;
      account?: Schemas['billing-account/billing-account']['AccountRef'];
      /** Kind of relationship. */
      relationshipType: string;
      validFor: Schemas['billing-account/billing-account']['TimePeriod'];
    };
    /** Evidence that a jurisdiction does not tax the account. */
    AccountTaxExemption: {
      /** Class this one extends. */
      '@baseType'?: string;
      /** URI of a JSON Schema with further attributes and relationships. */
      '@schemaLocation'?: string;
      /** Name of the actual class. */
      '@type'?: string;
      /** Number of the certificate that proves the exemption. */
      certificateNumber?: string;
      /** Jurisdiction whose taxes are not charged. */
      issuingJurisdiction: string;
      /** Why there is an exemption. */
      reason?: string;
      validFor: Schemas['billing-account/billing-account']['TimePeriod'];
    };
    /** The format of a bill, in place or by reference. */
    BillFormatRefOrValue: {
      /** Class this one extends. */
      '@baseType'?: string;
      /** Class of the format referred to, where it is in doubt. */
      '@referredType'?: string;
      /** URI of a JSON Schema with further attributes and relationships. */
      '@schemaLocation'?: string;
      /** Name of the actual class. */
      '@type'?: string;
      /** What the format is. */
      description?: string;
      /** Address of the format. */
      href?: string;
      /** Key of the format. */
      id?: string;
      isRef: boolean;
      /** Short name of the format. */
      name: string;
    };
    /** The medium on which a bill is presented, in place or by reference. */
    BillPresentationMediaRefOrValue: {
      /** Class this one extends. */
      '@baseType'?: string;
      /** Class of the medium referred to, where it is in doubt. */
      '@referredType'?: string;
      /** URI of a JSON Schema with further attributes and relationships. */
      '@schemaLocation'?: string;
      /** Name of the actual class. */
      '@type'?: string;
      /** What the medium is. */
      description?: string;
      /** Address of the medium. */
      href?: string;
      /** Key of the medium. */
      id?: string;
      isRef: boolean;
      /** Short name of the medium. */
      name: string;
    };
    /** How the bills of a party account (for billing or settlement) are made up. */
    BillStructure: {
      /** Class this one extends. */
      '@baseType'?: string;
      /** URI of a JSON Schema with further attributes and relationships. */
      '@schemaLocation'?: string;
      /** Name of the actual class. */
      '@type'?: string;
      cycleSpecification?: Schemas['billing-account/billing-account']['BillingCycleSpecificationRefOrValue'];
      format?: Schemas['billing-account/billing-account']['BillFormatRefOrValue'];
      presentationMedia?: Schemas['billing-account/billing-account']['BillPresentationMediaRefOrValue'][];
    };
    /** A party account that is billed; it says how often, on which medium and in which format. */
    BillingAccount: {
      /** Class this one extends. */
      '@baseType'?: string;
      /** URI of a JSON Schema with further attributes and relationships. */
      '@schemaLocation'?: string;
      /** Name of the actual class. */
      '@type'?: string;
      accountBalance?: Schemas['billing-account/billing-account']['AccountBalance'][];
      accountRelationship?: Schemas['billing-account/billing-account']['AccountRelationship'][];
      /** Category of the account, such as individual or joint. Free text here; an implementation may limit it. */
      accountType?: string;
      billStructure?: Schemas['billing-account/billing-account']['BillStructure'];
      contact?: Schemas['billing-account/billing-account']['Contact'][];
      creditLimit?: Schemas['billing-account/billing-account']['Money'];
      defaultPaymentMethod?: Schemas['billing-account/billing-account']['PaymentMethodRef'];
      /** What the account is for. */
      description?: string;
      financialAccount?: Schemas['billing-account/billing-account']['FinancialAccountRef'];
      /** Address of the account. */
      href?: string;
      /** Key of the account. */
      id?: string;
      /** When the account was last changed. */
      lastModified?: string;
      /** Name of the account. */
      name: string;
      paymentPlan?: Schemas['billing-account/billing-account']['PaymentPlan'][];
      /** How payment stands, such as due, paid or in arrears. */
      paymentStatus?: string;
      /** Whether the account is rated as prepaid, postpaid or otherwise. */
      ratingType?: string;
      relatedParty?: Schemas['billing-account/billing-account']['RelatedParty'][];
      /** State in the life cycle, such as Active, Closed or Suspended. */
      state?: string;
      taxExemption?: Schemas['billing-account/billing-account']['AccountTaxExemption'][];
    };
    /** Notice that an attribute of a billing account has changed. */
    BillingAccountAttributeValueChangeEvent: {
      /** Key that ties this event to others. */
      correlationId?: string;
      /** What happened, in words. */
      description?: string;
      /** Domain the event belongs to. */
      domain?: string;
      /** Key of the notice. */
      eventId?: string;
      /** When the event took place. */
      eventTime?: string;
      /** Kind of notice. */
      eventType?: string;
      /** Path of the attribute that changed. */
      fieldPath?: string;
      payload?: Schemas['billing-account/billing-account']['BillingAccountAttributeValueChangeEventPayload'];
      /** How urgent the event is. */
      priority?: string;
      /** When it happened. */
      timeOcurred?: string;
      /** Title of the event. */
      title?: string;
    };
    /** What the event is about. */
    BillingAccountAttributeValueChangeEventPayload: {
      billingAccount?: Schemas['billing-account/billing-account']['BillingAccount'];
    };
    /** Notice that the state of a billing account has changed. */
    BillingAccountStateChangeEvent: {
      /** Key that ties this event to others. */
      correlationId?: string;
      /** What happened, in words. */
      description?: string;
      /** Domain the event belongs to. */
      domain?: string;
      /** Key of the notice. */
      eventId?: string;
      /** When the event took place. */
      eventTime?: string;
      /** Kind of notice. */
      eventType?: string;
      /** Address of the process flow. */
      href?: string;
      /** Key of the process flow. */
      id?: string;
      payload?: Schemas['billing-account/billing-account']['BillingAccountStateChangeEventPayload'];
      /** How urgent the event is. */
      priority?: string;
      /** When it happened. */
      timeOcurred?: string;
      /** Title of the event. */
      title?: string;
    };
    /** What the event is about. */
    BillingAccountStateChangeEventPayload: {
      billingAccount?: Schemas['billing-account/billing-account']['BillingAccount'];
    };
    /** When bills are made, sent and due, in place or by reference. */
    BillingCycleSpecificationRefOrValue: {
      /** Class this one extends. */
      '@baseType'?: string;
      /** Class of the specification referred to, where it is in doubt. */
      '@referredType'?: string;
      /** URI of a JSON Schema with further attributes and relationships. */
      '@schemaLocation'?: string;
      /** Name of the actual class. */
      '@type'?: string;
      /** Days from the beginning of the period to the billing or settlement date. */
      billingDateShift?: number;
      /** Length of the period, such as a week, a month, a quarter or a year. */
      billingPeriod?: string;
      /** Days from the beginning of the period to the date until which charges appear on the bill. */
      chargeDateOffset?: number;
      /** Days from the beginning of the period to the date until which credits appear on the bill. */
      creditDateOffset?: number;
      /** Days from the beginning of the period to the billing or settlement date. */
      dateShift?: number;
      /** What the specification is for. */
      description?: string;
      /** How often bills are made, such as monthly. */
      frequency?: string;
      /** Address of the specification. */
      href?: string;
      /** Key of the specification. */
      id?: string;
      isRef: boolean;
      /** Days from the beginning of the period to the mailing of the bill. */
      mailingDateOffset?: number;
      /** Short name of the specification. */
      name: string;
      /** Days from the beginning of the period to the date on which payment is due. */
      paymentDueDateOffset?: number;
      validFor?: Schemas['billing-account/billing-account']['TimePeriod'];
    };
    /** A person or organization to turn to about an account, and by which medium. */
    Contact: {
      /** Class this one extends. */
      '@baseType'?: string;
      /** URI of a JSON Schema with further attributes and relationships. */
      '@schemaLocation'?: string;
      /** Name of the actual class. */
      '@type'?: string;
      contactMedium?: Schemas['billing-account/billing-account']['ContactMedium'][];
      /** Name to show for the contact. */
      contactName?: string;
      /** Kind of contact, such as primary or secondary. */
      contactType: string;
      /** Role of the party behind the contact, such as account manager. */
      partyRoleType?: string;
      relatedParty?: Schemas['billing-account/billing-account']['RelatedParty'];
      validFor: Schemas['billing-account/billing-account']['TimePeriod'];
    };
    /** A way to reach the party. */
    ContactMedium: {
      /** Class this one extends. */
      '@baseType'?: string;
      /** URI of a JSON Schema with further attributes and relationships. */
      '@schemaLocation'?: string;
      /** Name of the actual class. */
      '@type'?: string;
      characteristic?: Schemas['billing-account/billing-account']['MediumCharacteristic'];
      /** Kind of medium, such as e-mail, telephone or post. */
      mediumType?: string;
      /** Whether the party prefers this medium. */
      preferred?: boolean;
      validFor?: Schemas['billing-account/billing-account']['TimePeriod'];
    };
    /** The body of a response with an error status (3xx, 4xx, 5xx). */
    Error: {
      /** Class this one extends. */
      '@baseType'?: string;
      /** URI of a JSON Schema with further attributes and relationships. */
      '@schemaLocation'?: string;
      /** Name of the actual class. */
      '@type'?: string;
      /** Code that tells the application what went wrong, from this API or a common list. */
      code: string;
      /** Details, and what can be done about it, fit to be shown to a user. */
      message?: string;
      /** Why it went wrong, fit to be shown to a user. */
      reason?: string;
      /** URI of a page about the error. */
      referenceError?: string;
      /** HTTP status, or an extension of it. */
      status?: string;
    };
    /** Where the service sends its notifications. */
    EventSubscription: {
      /** Address that was registered. */
      callback: string;
      /** Key of the listener. */
      id: string;
      /** Further data that was sent along. */
      query?: string;
    };
    /** Reference to an account receivable, which sums up what is owed on one or more accounts of a party. */
    FinancialAccountRef: {
      /** Class this one extends. */
      '@baseType'?: string;
      /** Class of the account referred to, where it is in doubt. */
      '@referredType'?: string;
      /** URI of a JSON Schema with further attributes and relationships. */
      '@schemaLocation'?: string;
      /** Name of the actual class. */
      '@type'?: string;
      accountBalance?: Schemas['billing-account/billing-account']['AccountBalance'];
      /** Address of the account. */
      href?: string;
      /** Key of the account. */
      id: string;
      /** Name of the account. */
      name?: string;
    };
    /** The address, number or name under which a party is reached. */
    MediumCharacteristic: {
      /** Class this one extends. */
      '@baseType'?: string;
      /** URI of a JSON Schema with further attributes and relationships. */
      '@schemaLocation'?: string;
      /** Name of the actual class. */
      '@type'?: string;
      /** City. */
      city?: string;
      /** Kind of number or address, such as mobile, home or office phone, or shipping address. */
      contactType?: string;
      /** Country. */
      country?: string;
      /** Complete e-mail address. */
      emailAddress?: string;
      /** Fax number. */
      faxNumber?: string;
      /** Main telephone number. */
      phoneNumber?: string;
      /** Postal code. */
      postCode?: string;
      /** Name in a social network. */
      socialNetworkId?: string;
      /** State or province. */
      stateOrProvince?: string;
      /** Street. */
      street1?: string;
      /** Second line of the street. */
      street2?: string;
    };
    /** An amount in a currency. */
    Money: {
      /** Currency, three letters as in ISO 4217. */
      unit?: string;
      /** The amount. */
      value?: number;
    };
    /** Reference to a means of payment, such as direct debit. */
    PaymentMethodRef: {
      /** Class this one extends. */
      '@baseType'?: string;
      /** Class of the method referred to, where it is in doubt. */
      '@referredType'?: string;
      /** URI of a JSON Schema with further attributes and relationships. */
      '@schemaLocation'?: string;
      /** Name of the actual class. */
      '@type'?: string;
      /** Address of the method. */
      href?: string;
      /** Key of the method. */
      id: string;
      /** Name of the method. */
      name?: string;
    };
    /** A plan by which a party pays in parts. */
    PaymentPlan: {
      /** Class this one extends. */
      '@baseType'?: string;
      /** URI of a JSON Schema with further attributes and relationships. */
      '@schemaLocation'?: string;
      /** Name of the actual class. */
      '@type'?: string;
      /** How many payments there are. */
      numberOfPayments?: number;
      /** How often a payment is made, such as monthly. */
      paymentFrequency?: string;
      paymentMethod?: Schemas['billing-account/billing-account']['PaymentMethodRef'];
      /** Kind of plan. */
      planType?: string;
      /** Rank of the plan among others. */
      priority?: number;
      /** Whether the plan is effective or ineffective. */
      status?: string;
      totalAmount?: Schemas['billing-account/billing-account']['Money'];
      validFor?: Schemas['billing-account/billing-account']['TimePeriod'];
    };
    /** Reference to a party, or a party's role, that has to do with something. */
    RelatedParty: {
      /** Class this one extends. */
      '@baseType'?: string;
      /** Class of the party referred to, where it is in doubt. */
      '@referredType'?: string;
      /** URI of a JSON Schema with further attributes and relationships. */
      '@schemaLocation'?: string;
      /** Name of the actual class. */
      '@type'?: string;
      /** Address of the party. */
      href?: string;
      /** Key of the party. */
      id: string;
      /** Name of the party. */
      name?: string;
      /** Role the party plays. */
      role?: string;
    };
    ResponseEntity: {
      body?: Record<string, unknown>;
      statusCode?: '100 CONTINUE' | '101 SWITCHING_PROTOCOLS' | '102 PROCESSING' | '103 CHECKPOINT' | '200 OK' | '201 CREATED' | '202 ACCEPTED' | '203 NON_AUTHORITATIVE_INFORMATION' | '204 NO_CONTENT' | '205 RESET_CONTENT' | '206 PARTIAL_CONTENT' | '207 MULTI_STATUS' | '208 ALREADY_REPORTED' | '226 IM_USED' | '300 MULTIPLE_CHOICES' | '301 MOVED_PERMANENTLY' | '302 FOUND' | '302 MOVED_TEMPORARILY' | '303 SEE_OTHER' | '304 NOT_MODIFIED' | '305 USE_PROXY' | '307 TEMPORARY_REDIRECT' | '308 PERMANENT_REDIRECT' | '400 BAD_REQUEST' | '401 UNAUTHORIZED' | '402 PAYMENT_REQUIRED' | '403 FORBIDDEN' | '404 NOT_FOUND' | '405 METHOD_NOT_ALLOWED' | '406 NOT_ACCEPTABLE' | '407 PROXY_AUTHENTICATION_REQUIRED' | '408 REQUEST_TIMEOUT' | '409 CONFLICT' | '410 GONE' | '411 LENGTH_REQUIRED' | '412 PRECONDITION_FAILED' | '413 PAYLOAD_TOO_LARGE' | '413 REQUEST_ENTITY_TOO_LARGE' | '414 URI_TOO_LONG' | '414 REQUEST_URI_TOO_LONG' | '415 UNSUPPORTED_MEDIA_TYPE' | '416 REQUESTED_RANGE_NOT_SATISFIABLE' | '417 EXPECTATION_FAILED' | '418 I_AM_A_TEAPOT' | '419 INSUFFICIENT_SPACE_ON_RESOURCE' | '420 METHOD_FAILURE' | '421 DESTINATION_LOCKED' | '422 UNPROCESSABLE_ENTITY' | '423 LOCKED' | '424 FAILED_DEPENDENCY' | '425 TOO_EARLY' | '426 UPGRADE_REQUIRED' | '428 PRECONDITION_REQUIRED' | '429 TOO_MANY_REQUESTS' | '431 REQUEST_HEADER_FIELDS_TOO_LARGE' | '451 UNAVAILABLE_FOR_LEGAL_REASONS' | '500 INTERNAL_SERVER_ERROR' | '501 NOT_IMPLEMENTED' | '502 BAD_GATEWAY' | '503 SERVICE_UNAVAILABLE' | '504 GATEWAY_TIMEOUT' | '505 HTTP_VERSION_NOT_SUPPORTED' | '506 VARIANT_ALSO_NEGOTIATES' | '507 INSUFFICIENT_STORAGE' | '508 LOOP_DETECTED' | '509 BANDWIDTH_LIMIT_EXCEEDED' | '510 NOT_EXTENDED' | '511 NETWORK_AUTHENTICATION_REQUIRED';
      statusCodeValue?: number;
    };
    /** A stretch of time; it may have only a start, only an end, or both. */
    TimePeriod: {
      /** End, as in RFC 3339. */
      endDateTime?: string;
      /** Start, as in RFC 3339. The source document says that a start demands an end. */
      startDateTime?: string;
    };
  };
  'billing-account/hub': {
    /** Where to send events, and which. */
    EventSubscriptionInput: {
      /** Where the events are sent. */
      callback: string;
      /** Which events are wanted, such as eventType=BillingAccountStateChangeEvent; all if absent. */
      query?: string;
      /** What the callback asks for, sent with every event. A bearer token, a user and password, or who we are at a token endpoint, which is asked for a token (client credentials), and for another when that is over. Never answered. */
      credentials?: {
        token?: string;
        username?: string;
        password?: string;
        tokenUrl?: string;
        clientId?: string;
        clientSecret?: string;
        scope?: string;
      };
    };
    /** A registered listener. */
    EventSubscription: {
      /** Key of the subscription. */
      id: string;
      /** Where the events are sent. */
      callback: string;
      /** Which events are wanted. */
      query?: string;
    };
    Error: Schemas['billing-account/billing-account']['Error'];
  };
  'billing-account/notifications': {
    BillingAccountAttributeValueChangeEvent: Schemas['billing-account/billing-account']['BillingAccountAttributeValueChangeEvent'];
    BillingAccountAttributeValueChangeEventPayload: Schemas['billing-account/billing-account']['BillingAccountAttributeValueChangeEventPayload'];
    BillingAccount: Schemas['billing-account/billing-account']['BillingAccount'];
    AccountBalance: Schemas['billing-account/billing-account']['AccountBalance'];
    Money: Schemas['billing-account/billing-account']['Money'];
    TimePeriod: Schemas['billing-account/billing-account']['TimePeriod'];
    AccountRelationship: Schemas['billing-account/billing-account']['AccountRelationship'];
    AccountRef: Schemas['billing-account/billing-account']['AccountRef'];
    BillStructure: Schemas['billing-account/billing-account']['BillStructure'];
    BillingCycleSpecificationRefOrValue: Schemas['billing-account/billing-account']['BillingCycleSpecificationRefOrValue'];
    BillFormatRefOrValue: Schemas['billing-account/billing-account']['BillFormatRefOrValue'];
    BillPresentationMediaRefOrValue: Schemas['billing-account/billing-account']['BillPresentationMediaRefOrValue'];
    Contact: Schemas['billing-account/billing-account']['Contact'];
    ContactMedium: Schemas['billing-account/billing-account']['ContactMedium'];
    MediumCharacteristic: Schemas['billing-account/billing-account']['MediumCharacteristic'];
    RelatedParty: Schemas['billing-account/billing-account']['RelatedParty'];
    PaymentMethodRef: Schemas['billing-account/billing-account']['PaymentMethodRef'];
    FinancialAccountRef: Schemas['billing-account/billing-account']['FinancialAccountRef'];
    PaymentPlan: Schemas['billing-account/billing-account']['PaymentPlan'];
    AccountTaxExemption: Schemas['billing-account/billing-account']['AccountTaxExemption'];
    BillingAccountStateChangeEvent: Schemas['billing-account/billing-account']['BillingAccountStateChangeEvent'];
    BillingAccountStateChangeEventPayload: Schemas['billing-account/billing-account']['BillingAccountStateChangeEventPayload'];
  };
  'connectx/bss-api': {
    Customer: {
      customerId?: string;
      customerType?: 'Individual' | 'Business' | 'Government';
      status?: 'Active' | 'Inactive' | 'Suspended' | 'Terminated';
      accountNumber?: string;
      firstName?: string;
      lastName?: string;
      companyName?: string;
      email?: string;
      phone?: string;
      address?: Schemas['connectx/bss-api']['Address'];
      billingAddress?: Schemas['connectx/bss-api']['Address'];
      createdAt?: string;
      updatedAt?: string;
    };
    CustomerRequest: {
      customerType: 'Individual' | 'Business' | 'Government';
      firstName?: string;
      lastName?: string;
      companyName?: string;
      email: string;
      phone?: string;
      address?: Schemas['connectx/bss-api']['Address'];
    };
    CustomerUpdate: {
      status?: 'Active' | 'Inactive' | 'Suspended';
      email?: string;
      phone?: string;
      address?: Schemas['connectx/bss-api']['Address'];
    };
    CustomerList: {
      data?: Schemas['connectx/bss-api']['Customer'][];
      pagination?: Schemas['connectx/bss-api']['Pagination'];
    };
    Subscription: {
      subscriptionId?: string;
      customerId?: string;
      productId?: string;
      productName?: string;
      status?: 'Active' | 'Suspended' | 'Cancelled' | 'Pending';
      startDate?: string;
      endDate?: string;
      monthlyCharge?: number;
      currency?: string;
      addons?: {
        addonId?: string;
        addonName?: string;
        charge?: number;
      }[];
    };
    SubscriptionRequest: {
      productId: string;
      startDate: string;
      addons?: string[];
    };
    SubscriptionList: {
      data?: Schemas['connectx/bss-api']['Subscription'][];
    };
    Invoice: {
      invoiceId?: string;
      invoiceNumber?: string;
      customerId?: string;
      status?: 'Open' | 'Paid' | 'Overdue' | 'Cancelled';
      invoiceDate?: string;
      dueDate?: string;
      totalAmount?: number;
      taxAmount?: number;
      currency?: string;
      lineItems?: Schemas['connectx/bss-api']['InvoiceLineItem'][];
    };
    InvoiceLineItem: {
      description?: string;
      quantity?: number;
      unitPrice?: number;
      amount?: number;
    };
    InvoiceList: {
      data?: Schemas['connectx/bss-api']['Invoice'][];
      pagination?: Schemas['connectx/bss-api']['Pagination'];
    };
    Product: {
      productId?: string;
      productName?: string;
      productType?: 'Mobile' | 'Broadband' | 'TV' | 'Bundle' | 'Addon';
      description?: string;
      monthlyPrice?: number;
      currency?: string;
      features?: string[];
      status?: 'Active' | 'Discontinued';
    };
    ProductList: {
      data?: Schemas['connectx/bss-api']['Product'][];
    };
    Address: {
      street?: string;
      city?: string;
      state?: string;
      postalCode?: string;
      country?: string;
    };
    Pagination: {
      page?: number;
      pageSize?: number;
      totalPages?: number;
      totalItems?: number;
    };
    Error: {
      code?: string;
      message?: string;
    };
  };
  'connectx/bss-events': {
    EventEnvelope: {
      /** UUID of this event, never used twice */
      eventId: string;
      /** What kind of event this is */
      eventType: string;
      eventTime: string;
      /** The operator (tenant) whose BSS sends the event */
      tenantId: string;
    };
    CustomerEventPayload: Schemas['connectx/bss-events']['EventEnvelope'] & {
      customerId?: string;
      accountNumber?: string;
      customerType?: 'Individual' | 'Business' | 'Government';
      status?: 'Active' | 'Inactive' | 'Suspended' | 'Terminated';
      email?: string;
      /** Status before the change; meant for updates */
      previousStatus?: string;
    };
    SubscriptionEventPayload: Schemas['connectx/bss-events']['EventEnvelope'] & {
      subscriptionId?: string;
      customerId?: string;
      productId?: string;
      productName?: string;
      status?: 'Active' | 'Suspended' | 'Cancelled' | 'Pending';
      previousStatus?: string;
      effectiveDate?: string;
    };
    InvoiceEventPayload: Schemas['connectx/bss-events']['EventEnvelope'] & {
      invoiceId?: string;
      invoiceNumber?: string;
      customerId?: string;
      totalAmount?: number;
      currency?: string;
      dueDate?: string;
    };
    PaymentEventPayload: Schemas['connectx/bss-events']['EventEnvelope'] & {
      paymentId?: string;
      invoiceId?: string;
      customerId?: string;
      amount?: number;
      currency?: string;
      paymentMethod?: 'CreditCard' | 'BankTransfer' | 'DirectDebit' | 'Cash';
      paymentDate?: string;
    };
  };
  'macd/add-change-order': {
    /** The order by which the provisioning side tells the northbound (CRM, billing) side that a user was added or changed. */
    AddChangeOrder: {
      Order: {
        /** Where the northbound side sends its responses to this order. */
        CallbackURL: string;
        /** The sender's unique key for this message; every response repeats it. */
        MessageID: string;
        /** The sender's clock when the message was made. */
        Timestamp: string;
        /** Logical name of the sending system, with or without its version; serves reporting and reconciliation. */
        CallingSystem: string;
        /** Login of the person who asked for the change, or the system's name if it was automatic; tells provider staff from the customer's own users in reports. */
        UserID: string;
        /** The customer's own reference for the transaction, if one was given; may appear in reports and on invoices. */
        CustomerRef?: string;
        Operation: 'Add' | 'Change';
        Customer: string;
        Location: string;
        /** Network device list (NDL) in VOSS Automate, which tells the cluster the user lives on. A customer may have several; a location has exactly one, on one cluster. */
        HardwareGroup: string;
        ExternalCustomerID?: string;
      };
      User: {
        /** Unique key of the user: mostly the e-mail address, otherwise any key that the customer understands. */
        Username: string;
        ActivationDate?: string;
        ChangeDate?: string;
        DisconnectionDate?: string;
        ContactPhone: string;
        ExtensionNumber: string;
        MobilePhone: string;
        Salutation?: string;
        FirstName: string;
        MiddleName?: string;
        LastName: string;
        Email: string;
        Title?: string;
        EndUserVoicemail?: boolean;
        Lines?: (Record<string, unknown> & {
          ShortNumber?: string;
          ExtensionNumber: string;
          DDI?: string;
        })[];
        Devices?: {
          /** Device model as set up in VOSS Automate, such as Cisco IP Communicator, 7821 IP Phone or One Analogue Gateway port. */
          Model: string;
          /** Unique name of the device: SEP and the MAC address for an IP phone, BOT and a unique string for Jabber on Android. */
          Name: string;
        }[] | null;
        MobilityProfiles?: {
          /** Device model as set up in VOSS Automate, such as Cisco IP Communicator, 7821 IP Phone or One Analogue Gateway port. */
          Model: string;
          /** Name of the device profile or mobility profile. */
          Name: string;
        }[] | null;
        FMC?: {
          /** Mobile number of the device in fixed-mobile convergence (FMC). */
          MobileNumber: string;
          /** Extension tied to the mobile number. */
          Extension: string;
          /** Brand of the mobile phone, such as Blackberry or Other Mobile Phone. */
          MobileBrand?: string;
          /** Data option of the mobile service; the source document does not explain it. */
          DataOption?: string;
          /** Roaming option of the mobile service; the source document does not explain it. */
          RoamingOption?: string;
        }[] | null;
      }[];
    };
  };
  'macd/callback-response': {
    /** What the northbound side reports about one order message. */
    CallbackResponse: {
      Response?: {
        /** MessageID of the order that this answers. */
        MessageID: string;
        /** Key of the order which the message became part of. */
        OrderID?: string;
        Timestamp: string;
        Stage: 'Parsing' | 'ActiveOrder' | 'MobileMigrated' | 'MobileOrder';
        Status: 'Success' | 'Warning' | 'Error';
        ResponseText?: string;
        User?: {
          Username: string;
          Status: 'Warning' | 'Error';
          ResponseText: string;
        }[];
      };
    };
  };
  'macd/callbacks': {
    CallbackResponse: Schemas['macd/callback-response']['CallbackResponse'];
  };
  'macd/delete-order': {
    /** The order by which the provisioning side tells the northbound (CRM, billing) side that a user was removed. */
    DeleteOrder: {
      Order?: {
        /** Where the northbound side sends its responses to this order. */
        CallbackURL?: string;
        /** The sender's unique key for this message; every response repeats it. */
        MessageID: string;
        /** The sender's clock when the message was made. */
        Timestamp: string;
        /** Logical name of the sending system, with or without its version; serves reporting and reconciliation. */
        CallingSystem: string;
        /** Login of the person who asked for the removal, or the system's name if it was automatic; tells provider staff from the customer's own users in reports. */
        UserID: string;
        /** The customer's own reference for the transaction, if one was given; may appear in reports and on invoices. */
        CustomerRef?: string;
        Operation?: 'Delete';
        Customer: string;
        Location: string;
        /** Network device list (NDL) in VOSS Automate, which tells the cluster the user lives on. A customer may have several; a location has exactly one, on one cluster. */
        HardwareGroup: string;
        ExternalCustomerID?: string;
      };
      User?: {
        /** Unique key of the user: mostly the e-mail address, otherwise any key that the customer understands. */
        Username: string;
        DisconnectionDate?: string;
      }[];
    };
  };
  'macd/northbound': {
    /** An order to add, change or delete users. Order.Operation tells which schema applies. */
    OrderMessage: Record<string, unknown> & (Schemas['macd/northbound']['AddChangeOrder'] | Schemas['macd/northbound']['DeleteOrder']);
    /** A response to an order, wrapped in Response or bare. */
    CallbackMessage: Schemas['macd/northbound']['CallbackResponse'] | Schemas['macd/northbound']['CallbackResponseResponse'];
    /** How far an order has come. SameAsPrevious: it says what the last order for the same user said, and is not billed again. TimedOut: its sender has waited in vain. */
    OrderState: 'Received' | 'Processing' | 'UserProcessed' | 'SameAsPrevious' | 'Failed' | 'TimedOut';
    /** Key of 24 hexadecimal digits. */
    ObjectKey: string;
    /** The tracking record of one order. */
    OrderRecord: {
      /** Key of the transaction that caused the order. */
      transactionId: string;
      /** Number of the transaction, in decimal; grows with transactionTimestamp. */
      transactionSeqId: string;
      /** When the transaction happened. */
      transactionTimestamp: string;
      /** When the order was made from it. */
      timestamp: string;
      state: Schemas['macd/northbound']['OrderState'];
      payload: Schemas['macd/northbound']['OrderPayload'];
      userId?: Schemas['macd/northbound']['ObjectKey'];
      subscriberId?: Schemas['macd/northbound']['ObjectKey'];
      /** What happened, in the sender's words. */
      operation: 'Create' | 'Change' | 'Delete';
      /** State of the user for billing; the examples have Live. */
      activation_state?: string;
      /** When billing of the user begins. */
      GoLiveDate?: string;
      /** Whether an operator sent the same message again. */
      resubmitPayload: boolean;
      /** The message as it was sent; where the simulator is told to take them, also one that breaks its schema. */
      order: Schemas['macd/northbound']['AddChangeOrder'] | Schemas['macd/northbound']['DeleteOrder'] | Record<string, unknown>;
      /** The newest callback, without its wrapper. */
      callback?: Schemas['macd/northbound']['CallbackResponseResponse'];
      /** All callbacks, oldest first, without their wrappers. */
      callbacks?: Schemas['macd/northbound']['CallbackResponseResponse'][];
    };
    /** The sender's internal record, from which the message was made. Members the examples show are listed; others may appear. */
    OrderPayload: {
      MessageID?: string;
      Timestamp?: string;
      CallingSystem?: string | null;
      UserID?: string;
      Operation?: 'Create' | 'Change' | 'Delete';
      CustomerRef?: string | null;
      Customer?: string;
      Location?: string;
      Username?: string;
      HardwareGroup?: string;
      ContactPhone?: string | null;
      ExtensionNumber?: string | null;
      MobilePhone?: string | null;
      FirstName?: string | null;
      MiddleName?: string | null;
      LastName?: string | null;
      Title?: string | null;
      Email?: string | null;
      EndUserVoicemail?: boolean | null;
      Devices?: {
        Model?: string;
        Name?: string;
      }[] | null;
      Lines?: {
        ShortNumber?: string;
        ExtensionNumber?: string;
        DDI?: string;
      }[] | null;
      ActivationDate?: string | null;
    } & Record<string, unknown>;
    /** A user, as the orders so far tell. */
    Subscriber: {
      username: string;
      subscriberId?: Schemas['macd/northbound']['ObjectKey'];
      userId?: Schemas['macd/northbound']['ObjectKey'];
      customer: string;
      location: string;
      hardwareGroup?: string;
      externalCustomerId?: string;
      /** Scheduled until the activation date comes, Live while the user is served, Disconnected after a delete. */
      activation_state: string;
      /** When billing of the user begins. */
      goLiveDate?: string;
      /** The user as the last add or change order had it. */
      user?: Schemas['macd/northbound']['AddChangeOrderUserItems'];
      /** A change or delete that takes effect on a later date. */
      scheduledChange?: {
        operation: 'Change' | 'Delete';
        effectiveDate: string;
        /** MessageID of the order that asks for it. */
        messageId: string;
      };
      /** MessageID of the last order for this user. */
      lastMessageId: string;
      createdAt: string;
      updatedAt: string;
    };
    /** Problem details as in RFC 9457, with the list of violations. */
    Problem: {
      type?: string;
      title?: string;
      status?: number;
      detail?: string;
      instance?: string;
      /** Every violation found. */
      errors?: {
        /** Part of the request, such as body, query, path or header. */
        in: string;
        /** Where in that part, as a JSON Pointer or a name. */
        path: string;
        message: string;
      }[];
    };
    AddChangeOrder: Schemas['macd/add-change-order']['AddChangeOrder'];
    DeleteOrder: Schemas['macd/delete-order']['DeleteOrder'];
    CallbackResponse: Schemas['macd/callback-response']['CallbackResponse'];
    CallbackResponseResponse: {
      /** MessageID of the order that this answers. */
      MessageID: string;
      /** Key of the order which the message became part of. */
      OrderID?: string;
      Timestamp: string;
      Stage: 'Parsing' | 'ActiveOrder' | 'MobileMigrated' | 'MobileOrder';
      Status: 'Success' | 'Warning' | 'Error';
      ResponseText?: string;
      User?: {
        Username: string;
        Status: 'Warning' | 'Error';
        ResponseText: string;
      }[];
    };
    AddChangeOrderUserItems: {
      /** Unique key of the user: mostly the e-mail address, otherwise any key that the customer understands. */
      Username: string;
      ActivationDate?: string;
      ChangeDate?: string;
      DisconnectionDate?: string;
      ContactPhone: string;
      ExtensionNumber: string;
      MobilePhone: string;
      Salutation?: string;
      FirstName: string;
      MiddleName?: string;
      LastName: string;
      Email: string;
      Title?: string;
      EndUserVoicemail?: boolean;
      Lines?: (Record<string, unknown> & {
        ShortNumber?: string;
        ExtensionNumber: string;
        DDI?: string;
      })[];
      Devices?: {
        /** Device model as set up in VOSS Automate, such as Cisco IP Communicator, 7821 IP Phone or One Analogue Gateway port. */
        Model: string;
        /** Unique name of the device: SEP and the MAC address for an IP phone, BOT and a unique string for Jabber on Android. */
        Name: string;
      }[] | null;
      MobilityProfiles?: {
        /** Device model as set up in VOSS Automate, such as Cisco IP Communicator, 7821 IP Phone or One Analogue Gateway port. */
        Model: string;
        /** Name of the device profile or mobility profile. */
        Name: string;
      }[] | null;
      FMC?: {
        /** Mobile number of the device in fixed-mobile convergence (FMC). */
        MobileNumber: string;
        /** Extension tied to the mobile number. */
        Extension: string;
        /** Brand of the mobile phone, such as Blackberry or Other Mobile Phone. */
        MobileBrand?: string;
        /** Data option of the mobile service; the source document does not explain it. */
        DataOption?: string;
        /** Roaming option of the mobile service; the source document does not explain it. */
        RoamingOption?: string;
      }[] | null;
    };
  };
  'simulator/control': {
    /** How one operation is answered, and why. */
    Explanation: {
      /** Its operationId, or its method and path. */
      operation: string;
      method: string;
      path: string;
      /** From what is stored, by code of the system, or by a sample made from the contract. */
      by: 'state' | 'code' | 'sample';
      /** What it does with a stored thing, such as create. */
      role?: string;
      /** The kind of stored thing. */
      resource?: string;
      /** What in the contract says so; for a sample, what kept more from being inferred. */
      clue: string;
      /** For a sample, what would change it, as a line of YAML in the operation. */
      change?: string;
    };
    /** ISO 8601 in UTC with milliseconds. */
    Time: string;
    /** What `after` takes to get the next part; absent at the end of the list. */
    Cursor: string;
    /** Problem details (RFC 9457), with each single violation. */
    Problem: {
      /** A link to the kind of problem; about:blank where the status says it all. */
      type?: string;
      title: string;
      status: number;
      /** What failed, why, and what to do. */
      detail: string;
      /** A stable name, such as NOT_FOUND. */
      code?: string;
      errors?: Schemas['simulator/control']['Violation'][];
    };
    Violation: {
      /** The part of the message. */
      in: 'path' | 'query' | 'header' | 'cookie' | 'body' | 'event';
      /** JSON Pointer into that part. */
      path: string;
      message: string;
      /** Whose it is, where a proxy has looked at a request and its answer. */
      of?: 'request' | 'response';
    };
    Health: {
      status: 'ready';
      /** The version of the simulator. */
      version: string;
      /** Where worlds are kept (`--store`), and what this process is to them. */
      store?: {
        kind: 'memory' | 'file' | 'postgres';
        /** `owner`: it has all tenants; `replica`: other processes serve the same store, and what is for a tenant of theirs is passed on to them. */
        role: 'owner' | 'replica';
      };
      contracts: Schemas['simulator/control']['ContractSummary'][];
    };
    /** Things of one kind that the contracts have no place for any more. */
    Dropped: {
      /** Resources that their schema no longer accepts; a collection that no contract has; timers whose work nobody does or whose resource is gone; a webhook that would hear of nothing. */
      kind: 'resource' | 'collection' | 'timer' | 'webhook';
      /** The collection, the kind of timer, or the id of the webhook. */
      name: string;
      count: number;
      /** Why the first of them had to go. */
      why: string;
    };
    ContractSummary: {
      system: string;
      name: string;
      title: string;
      /** Such as openapi-3.1. */
      format: string;
      version: string;
      /** How many it has. */
      operations: number;
      /** How many it has. */
      channels: number;
    };
    Clock: {
      now: Schemas['simulator/control']['Time'];
      mode: Schemas['simulator/control']['ClockMode'];
      rate: Schemas['simulator/control']['ClockRate'];
      /** Why a clock that ran stands still, although nobody has asked for that: what is due next has no room any more. Make room, and let it run again. */
      stoppedBy?: string;
      /** The timers that wait, soonest first. */
      pending: {
        due: Schemas['simulator/control']['Time'];
        kind: string;
        key: string;
      }[];
    };
    /** `manual` stands still but for advancing; `real` follows the wall clock. */
    ClockMode: 'manual' | 'real';
    /** How many times as fast as the wall clock a running clock goes. */
    ClockRate: number;
    ClockSetting: {
      mode?: Schemas['simulator/control']['ClockMode'];
      rate?: Schemas['simulator/control']['ClockRate'];
    };
    /** Exactly one of `by`, `to` and `next`. */
    Advance: {
      /** Whether it goes on to its end where the client leaves before. Otherwise it ends then, and the clock stands where it has come to. */
      goOn?: boolean;
      /** An ISO 8601 duration, such as P30D. */
      by?: string;
      /** A time, RFC 3339. */
      to?: string;
      /** As far as the next timer. */
      next?: true;
    };
    AdvanceResult: {
      from: Schemas['simulator/control']['Time'];
      to: Schemas['simulator/control']['Time'];
      /** How much happened. */
      count: number;
      /** What happened, in order, the first 10,000. */
      effects: {
        at: Schemas['simulator/control']['Time'];
        kind: 'timer' | 'event' | 'delivery' | 'failure';
        /** The kind of a timer that fired or failed. */
        timer?: string;
        /** Which one of its kind. */
        key?: string;
        /** Why a timer failed. */
        message?: string;
        /** The address of the channel of an event. */
        channel?: string;
        /** The id of an event or delivery. */
        id?: string;
        /** The id of what caused it, in the activity; absent for what the starting world has set. */
        cause?: string;
        /** Where a delivery went. */
        target?: string;
        /** What has become of a delivery. */
        state?: string;
        /** The status that a delivery was answered with. */
        status?: number;
      }[];
      /** When the next timer is due. */
      next?: Schemas['simulator/control']['Time'];
    };
    /** The resource that something is about. */
    Subject: {
      /** System and resource, such as connectx/Customer. */
      collection: string;
      id: string;
    };
    /** The trace id of W3C Trace Context; the client's where it has sent one, else the tenant's own. */
    TraceId: string;
    Timer: {
      /** Such as TMR-000012-1. */
      id: string;
      due: Schemas['simulator/control']['Time'];
      kind: string;
      /** Which one of its kind; another with the same key takes its place. */
      key: string;
      subject?: Schemas['simulator/control']['Subject'];
      /** The id of what set it; absent for what the starting world has set. */
      cause?: string;
      trace?: Schemas['simulator/control']['TraceId'];
    };
    ActivityKind: 'request' | 'control' | 'answer' | 'message' | 'timer' | 'event' | 'note' | 'delivery' | 'attempt' | 'fault' | 'clock' | 'snapshot' | 'reset' | 'restore' | 'reload' | 'fork';
    Activity: {
      /** Of a request, event, delivery or attempt the id that it has everywhere. */
      id: string;
      /** The number of the commit that it is part of. */
      number: number;
      at: Schemas['simulator/control']['Time'];
      kind: Schemas['simulator/control']['ActivityKind'];
      /** The id of what caused it; absent where that came from outside, or lies in the starting world. */
      cause?: string;
      /** What reached a timer or an attempt that was due, an advance or a request; `tick` for a running clock. */
      firedBy?: string;
      trace: Schemas['simulator/control']['TraceId'];
      /** What happened, in a few words. */
      title: string;
      subject?: Schemas['simulator/control']['Subject'];
      method?: string;
      path?: string;
      operationId?: string;
      /** The status that a request, or an attempt, was answered with; 0 for no answer. */
      status?: number;
      channel?: string;
      /** Where a delivery goes. */
      target?: string;
      /** What an attempt has made of its delivery. */
      state?: string;
      /** Why a timer or an attempt failed. */
      error?: string;
    };
    Trace: {
      root: Schemas['simulator/control']['TracedActivity'];
    };
    /** What has happened, and what it led to, down to 500 levels; what is deeper stands on the last of them. */
    TracedActivity: Schemas['simulator/control']['Activity'] & {
      effects: Schemas['simulator/control']['TracedActivity'][];
    };
    Reset: {
      /** The seed from here on; the present one unless told. */
      seed?: number;
      /** A time to stand still at, `real`, or `real@` and a time; the server's unless told. */
      clock?: string;
      /** The name of a shipped starting world; default: the server's. */
      fixture?: string;
      policies?: Schemas['simulator/control']['PolicyChanges'];
    };
    /** By section, most of which are named after their system, and name. docs/policies.md tells what each means. */
    Policies: Record<string, Record<string, unknown>>;
    /** Policies that differ, by section and name; a null brings back what was at the start. */
    PolicyChanges: Record<string, Record<string, unknown> | null>;
    Start: {
      seed: number;
      now: Schemas['simulator/control']['Time'];
      mode: Schemas['simulator/control']['ClockMode'];
      rate: Schemas['simulator/control']['ClockRate'];
    };
    Snapshot: {
      /** Such as SNAP-000001. */
      id: string;
      /** The virtual time that it shows. */
      at: Schemas['simulator/control']['Time'];
    };
    Tenant: {
      name: string;
    };
    Action: {
      /** Such as connectx/record-payment. */
      id: string;
      /** The JSON Schema of the body. */
      input: unknown;
    };
    Fork: {
      /** The tenant to copy; the request's own unless told. */
      from?: string;
      /** The snapshot of that tenant to begin at; how it stands now unless told. */
      snapshot?: string;
    };
    JournalEntry: {
      id: string;
      at: Schemas['simulator/control']['Time'];
      method: string;
      /** Path and query, without the tenant's prefix. */
      url: string;
      operationId?: string;
      system?: string;
      request: {
        headers: Record<string, unknown>;
        /** As it was read; absent where there was none. */
        body?: unknown;
      };
      response: {
        status: number;
        headers: Record<string, unknown>;
        /** As it was sent; absent where there was none. */
        body?: unknown;
      };
      /** What was wrong with the request, or with the response. */
      violations?: Schemas['simulator/control']['Violation'][];
      /** Remarks, such as on parameters that were ignored. */
      notes?: string[];
      /** The fault that struck it. */
      fault?: {
        id: string;
        fault: Schemas['simulator/control']['FaultEffect'];
      };
      /** Whether the client went away before it had the whole answer. */
      clientGone?: true;
      /** The ids of the events and deliveries that it has led to at once; their traces tell the rest. */
      caused?: string[];
    };
    /** Everything that is told must hold. */
    RequestPattern: {
      /** `*` stands for any text. */
      operationId?: string;
      /** In any case. */
      method?: string;
      /** The path; `*` stands for any text. With a `?` in it, the query is compared too. */
      path?: string;
      /** The status of the answer; 0 for no answer. */
      status?: number;
      /** Headers of the request, by name in any case; `*` in a value stands for any text. */
      headers?: Record<string, string>;
      /** A part of the body; objects may have further members, arrays may not. */
      body?: unknown;
      /** JSONPaths (RFC 9535), each of which must find something in the body. */
      jsonPath?: string[];
      /** A JSON Schema that the body must fit. */
      schema?: Record<string, unknown> | boolean;
    };
    Expectation: Schemas['simulator/control']['RequestPattern'] & {
      /** How many there must be exactly; 0 for none. */
      count?: number;
      /** How many there must be at least; one unless told. Not beside count. */
      atLeast?: number;
      /** Only those count that came before the first request that meets this. */
      before?: Record<string, unknown> & Schemas['simulator/control']['RequestPattern'];
    };
    Verification: {
      /** How many requests meet the pattern. */
      matched: number;
      /** Whether that is what was expected. */
      ok: boolean;
      /** All of it, to be read by a person. */
      text: string;
      /** Where it is not, up to three requests that come nearest to the pattern. */
      nearest: {
        id: string;
        method: string;
        url: string;
        operationId?: string;
        differences: {
          /** JSON Pointer into the pattern, such as /body/name. */
          path: string;
          /** What the pattern says. */
          expected?: unknown;
          /** What the request has; absent where it has nothing. */
          actual?: unknown;
        }[];
      }[];
    };
    Event: {
      /** Also the message's own event id, where it has one. */
      id: string;
      /** The address of the channel. */
      channel: string;
      at: Schemas['simulator/control']['Time'];
      /** The message, as every channel carries it. */
      payload: unknown;
    };
    Publication: {
      /** The address of a channel of an event contract. */
      channel: string;
      /** What is to be in the message, an object in most contracts; the rest is generated. */
      payload?: unknown;
      /** What stands beside the payload, such as the address to which the contract has it answered. */
      headers?: Record<string, string>;
    };
    Message: {
      /** The id that it has at the broker; one that the tenant has sent itself is not taken. */
      id?: string;
      /** The address of a channel of an event contract. */
      channel: string;
      /** The message, an object in most contracts. */
      payload: unknown;
      /** What stands beside the payload, such as the address to which the contract has it answered. */
      headers?: Record<string, string>;
    };
    InboxMessage: {
      id: string;
      at: Schemas['simulator/control']['Time'];
      method: string;
      /** Path and query. */
      path: string;
      /** Without those that only concern the connection. */
      headers: Record<string, string>;
      /** As it was read; absent where there was none. */
      body?: unknown;
    };
    Delivery: {
      id: string;
      /** Where it is sent. */
      target: string;
      /** Such as callback, webhook or hub. */
      kind: string;
      eventId?: string;
      /** The id of the webhook, where it is one's. */
      webhook?: string;
      state: Schemas['simulator/control']['DeliveryState'];
      /** Why it has failed, where no attempt tells. */
      reason?: string;
      attempts: {
        at: Schemas['simulator/control']['Time'];
        status?: number;
        error?: string;
      }[];
      /** When the next attempt is due; absent once there is none. */
      nextAt?: Schemas['simulator/control']['Time'];
    };
    DeliveryState: 'pending' | 'delivered' | 'failed';
    /** `whsec_` and the base64 of 24 to 64 bytes. */
    WebhookSecret: string;
    WebhookRequest: {
      /** Where events are posted; `http://simulator/…` means this simulator and tenant. */
      url: string;
      /** Addresses of channels, such as customer/created; `*` stands for any text. */
      channels: string[];
      /** Made from the seed unless told. */
      secret?: Schemas['simulator/control']['WebhookSecret'];
      /** Whether an event waits until those before it have been taken. */
      ordered?: boolean;
    };
    Webhook: {
      /** Such as WHK-000001. */
      id: string;
      url: string;
      channels: string[];
      /** The newest; not in lists. */
      secret?: Schemas['simulator/control']['WebhookSecret'];
      ordered: boolean;
      /** `disabled` once its receiver has answered 410. */
      state: 'active' | 'disabled';
      /** Until when the secret before this one is signed with too. */
      rotatingUntil?: Schemas['simulator/control']['Time'];
    };
    Rotation: {
      /** Made from the seed unless told. */
      secret?: Schemas['simulator/control']['WebhookSecret'];
    };
    /** Everything that is told must hold; `*` stands for any text. With `channel` it is a fault of events, with `target` of deliveries, else of requests. */
    FaultMatch: {
      operationId?: string;
      /** The name of a system, such as connectx. */
      system?: string;
      /** In any case. */
      method?: string;
      /** The path without the tenant's prefix and the query, or the path as the contract writes it. */
      path?: string;
      /** The address of a channel. */
      channel?: string;
      /** Where a webhook, callback or notification is sent. */
      target?: string;
    };
    Coverage: {
      items: Schemas['simulator/control']['ContractCoverage'][];
      next?: Schemas['simulator/control']['Cursor'];
      /** What can go wrong on purpose, by the member of FaultEffect that says so. */
      faults: {
        effect: string;
        count: Schemas['simulator/control']['Count'];
      }[];
      /** Of all contracts, whatever part of them is listed. */
      totals: Schemas['simulator/control']['CoverageTotals'] & {
        faults: Schemas['simulator/control']['Share'];
      };
    };
    ContractCoverage: {
      system: string;
      contract: string;
      operations: {
        operationId: string;
        method: string;
        path: string;
        /** How often it was answered. */
        count: Schemas['simulator/control']['Count'];
        /** Those that the contract names first, in its order. */
        answers: {
          /** As the contract writes it, such as 200 or 4XX; what it does not name, but has been answered, as it was. */
          status: string;
          /** Whether the contract names it; a default names none. */
          declared: boolean;
          count: Schemas['simulator/control']['Count'];
        }[];
      }[];
      channels: {
        /** Its address as the contract writes it. */
        channel: string;
        /** Messages published on it or taken from it. */
        count: Schemas['simulator/control']['Count'];
      }[];
      /** Of the life cycles of its resources. */
      moves: {
        resource: string;
        from: string;
        to: string;
        count: Schemas['simulator/control']['Count'];
      }[];
      totals: Schemas['simulator/control']['CoverageTotals'];
    };
    CoverageTotals: {
      operations: Schemas['simulator/control']['Share'];
      /** Of the answers that contracts name. */
      answers: Schemas['simulator/control']['Share'];
      channels: Schemas['simulator/control']['Share'];
      moves: Schemas['simulator/control']['Share'];
    };
    Share: {
      covered: Schemas['simulator/control']['Count'];
      total: Schemas['simulator/control']['Count'];
    };
    Count: number;
    /** What goes wrong. With requests: status, headers, body, latency, real, reset, lostAnswer, slowBody, truncate, malformed. With events: drop, duplicate, latency, reorder, disconnect, closeCode. With deliveries: status, headers, latency, reset, drop, duplicate. */
    FaultEffect: {
      /** The status answered in place of the operation, or taken for the receiver's. */
      status?: number;
      /** Headers of the answer; alone, they are added to the operation's own. */
      headers?: Record<string, string>;
      /** The body answered; the system's own error unless told. */
      body?: unknown;
      /** An ISO 8601 duration. It holds up an event or a delivery on the tenant's clock, and the answer to a request for as long as the tenant's clock takes to pass it; where that stands still, not at all. */
      latency?: string;
      /** Takes the latency of a request as wall time, also where the clock stands still. */
      real?: boolean;
      /** Resets the connection in place of an answer. */
      reset?: boolean;
      /** Does what is asked for, and resets the connection in place of the answer. */
      lostAnswer?: boolean;
      /** An ISO 8601 duration of wall time over which the body comes in pieces, its head at once. */
      slowBody?: string;
      /** Sends half of the body and ends the connection. */
      truncate?: boolean;
      /** Sends a body that is no JSON. */
      malformed?: boolean;
      /** Loses an event on its way to those who listen, or a delivery on its way to its receiver. */
      drop?: boolean;
      /** Sends it twice, with the same id. */
      duplicate?: boolean;
      /** Lets the next event on the same channel go first. */
      reorder?: boolean;
      /** Cuts off WebSockets and event streams before the event; who resumes gets it. */
      disconnect?: boolean;
      /** The same, with this code for WebSockets; event streams end. */
      closeCode?: number;
    };
    FaultRequest: {
      match: Schemas['simulator/control']['FaultMatch'];
      fault: Schemas['simulator/control']['FaultEffect'];
      /** How often it strikes; for ever unless told. */
      times?: number;
      /** How likely it strikes, by the tenant's seed; always unless told. */
      probability?: number;
      /** Strikes each of this place among what it waits for; with 3 the third, the sixth, and so on. */
      every?: number;
      /** Lets so many by in each minute of the tenant's clock, as a rate limit does, and strikes what comes beyond. */
      perMinute?: number;
      /** The time on the tenant's clock from which it strikes; at once unless told. */
      from?: string;
      /** The time on the tenant's clock from which it no longer strikes; never unless told. */
      until?: string;
    };
    Fault: {
      /** Such as FLT-000001. */
      id: string;
      match: Schemas['simulator/control']['FaultMatch'];
      fault: Schemas['simulator/control']['FaultEffect'];
      /** How often it still strikes. */
      times?: number;
      probability?: number;
      /** How much has come by that it waits for. */
      seen: number;
      /** How often it has struck. */
      used: number;
      /** Strikes each of this place among what it waits for; with 3 the third, the sixth, and so on. */
      every?: number;
      /** Lets so many by in each minute of the tenant's clock, as a rate limit does, and strikes what comes beyond. */
      perMinute?: number;
      /** The time on the tenant's clock from which it strikes; at once unless told. */
      from?: string;
      /** The time on the tenant's clock from which it no longer strikes; never unless told. */
      until?: string;
    };
    Examples: {
      basePath: string;
      operations: {
        operationId: string;
        method: string;
        /** The base path included, with its parameters in braces. */
        path: string;
        summary?: string;
        description?: string;
        /** Whether it wants a token. */
        isSecured: boolean;
        /** Where a request carries what lets it in, all of them together; of several ways the first. */
        credentials?: {
          in: 'header' | 'query' | 'cookie';
          name: string;
          /** What stands before the token in an Authorization header, such as Bearer. */
          scheme?: string;
        }[];
        parameters: {
          name: string;
          in: string;
          required: boolean;
          description?: string;
          /** Of those that are required. */
          example?: unknown;
        }[];
        body?: {
          contentType: string;
          example: unknown;
        };
        /** The statuses that it declares. */
        responses: string[];
      }[];
      channels: {
        address: string;
        /** Whether the simulated system sends on it, or receives. */
        direction: 'send' | 'receive';
        description?: string;
        messages: string[];
        /** The payload of its first message. */
        example?: unknown;
      }[];
    };
    Collection: {
      /** The system and the resource, such as connectx/Customer. */
      collection: string;
      system: string;
      resource: string;
      /** The name of the contract that implies it. */
      contract: string;
      count: number;
      /** The properties that its contract has, in the order of the contract. */
      columns: string[];
      /** The property with the id; dotted where it is nested. */
      id: string;
      /** The property with the state, where it has a life cycle. */
      state?: string;
      created?: string;
      updated?: string;
      /** The collection of what its things lie below. */
      parent?: string;
      /** Which operation of the contract lists, creates, reads, changes and deletes, by role. */
      operations: Record<string, string>;
    };
    EntityLink: {
      /** Where the id stands, as a dotted path. */
      rel: string;
      /** Whether it stands in this thing (out) or in the other (in). */
      direction: 'out' | 'in';
      collection: string;
      id: string;
      title: string;
    };
    EntityPage: {
      collection: string;
      id: string;
      /** What people call it. */
      title: string;
      entity: Record<string, unknown>;
      /** What it names and what names it, across systems. */
      links: Schemas['simulator/control']['EntityLink'][];
      /** How many more name it; fifty of a kind are listed. */
      omittedLinks: number;
      lifecycle?: Schemas['simulator/control']['Standing'];
      form?: Schemas['simulator/control']['Form'];
      /** What has happened to it, the newest hundred. */
      history: Schemas['simulator/control']['Activity'][];
      /** What is due for it, soonest first. */
      due: {
        key: string;
        due: Schemas['simulator/control']['Time'];
        kind: string;
        cause?: string;
      }[];
    };
    /** What of it the contract lets clients change, and by which request. */
    Form: {
      operationId: string;
      method: string;
      path: string;
      /** Properties, from the outside in, that the changes stand under in the body. */
      within: string[];
      fields: {
        /** Dotted where it is nested. */
        name: string;
        kind: 'text' | 'number' | 'boolean' | 'date' | 'choice';
        choices?: unknown[];
        description?: string;
      }[];
    };
    /** Where it stands in its life cycle, and what may come. */
    Standing: {
      property: string;
      /** The state that it is in. */
      state: unknown;
      states: string[];
      /** Every move of the life cycle, from whatever state, each with what brings it about. */
      transitions: {
        from: string;
        to: string;
        when: string;
      }[];
      /** The legal moves that somebody can ask for, one for each way. */
      moves: {
        to: string;
        /** An operation with its request, or an action with its input. */
        by: {
          operationId: string;
          method: string;
          path: string;
          body?: unknown;
        } | {
          /** The system and the name, such as connectx/suspend-subscription. */
          action: string;
          input: Record<string, unknown>;
          /** What the input still wants. */
          missing?: string[];
        };
      }[];
      /** The legal moves that only time or other things bring about. */
      otherwise: {
        to: string;
        when: string;
      }[];
    };
    Graph: {
      nodes: {
        collection: string;
        id: string;
        title: string;
        /** The state that it is in, where it has a life cycle. */
        state?: unknown;
        /** How many links lie between it and where the graph begins. */
        depth: number;
      }[];
      /** From what holds the reference to what it names. */
      edges: {
        from: Schemas['simulator/control']['Subject'];
        to: Schemas['simulator/control']['Subject'];
        rel: string;
      }[];
      /** Whether more belongs to it than is shown. */
      isCut: boolean;
    };
    Difference: {
      collection: string;
      id: string;
      change: 'created' | 'changed' | 'deleted';
      before?: Record<string, unknown>;
      after?: Record<string, unknown>;
    };
    Story: {
      id: string;
      title: string;
      /** What its document is called; several stories may be in one. */
      document: string;
      /** What it shows. */
      purpose: string;
      /** The Arazzo document that it is in. */
      file: string;
      workflowId: string;
      steps: {
        stepId: string;
        description?: string;
      }[];
    };
    Play: {
      /** The tenant it is played in, which begins anew. By default it has one of its own. */
      tenant?: string;
      /** Milliseconds of wall time between two steps. */
      pause?: number;
    };
    StoryProgress: {
      kind: 'started' | 'step' | 'ended';
      story: string;
      /** The tenant that it is played in. */
      tenant: string;
      /** What was asked, what was answered or heard, and which of its criteria held. */
      step?: {
        stepId: string;
        description?: string;
        status: 'passed' | 'failed' | 'skipped';
        attempt?: number;
        target: Record<string, unknown>;
        request?: Record<string, unknown>;
        response?: Record<string, unknown>;
        message?: Record<string, unknown>;
        criteria: Record<string, unknown>[];
        at: Schemas['simulator/control']['Time'];
        /** Milliseconds of virtual time. */
        duration?: number;
        reason?: string;
        /** The steps of the workflow that it called. */
        workflow?: Record<string, unknown>[];
      };
      status?: 'passed' | 'failed' | 'skipped';
      /** Why it failed, and what to do. */
      reason?: string;
      /** How many steps ended. */
      steps?: number;
    };
    Playbook: {
      id: string;
      title: string;
      purpose: string;
      strikes: 'requests' | 'events' | 'deliveries';
      /** Each as addFault takes it. */
      faults: Schemas['simulator/control']['FaultRequest'][];
    };
    /** How often each act is done, in proportion to the others; an act that is left out is not done. Systems of your own may bring further ones, and the address of a channel that no operation leads to stands for a message on it. */
    TrafficMix: {
      /** A customer is created. */
      join?: Schemas['simulator/control']['Weight'];
      /** A customer takes a product, which is activated. */
      subscribe?: Schemas['simulator/control']['Weight'];
      /** An invoice is paid; who was on hold and owes nothing more is reinstated. */
      pay?: Schemas['simulator/control']['Weight'];
      /** A customer who owes is suspended. */
      fallBehind?: Schemas['simulator/control']['Weight'];
      /** A subscription is cancelled, or a customer terminated. */
      leave?: Schemas['simulator/control']['Weight'];
      /** An order to add or change a user is taken. */
      order?: Schemas['simulator/control']['Weight'];
      /** A user gets a mobile number, which is ordered. */
      goMobile?: Schemas['simulator/control']['Weight'];
      /** A user is deleted. */
      removeUser?: Schemas['simulator/control']['Weight'];
      /** An order fails, because nobody knows its user. */
      failOrder?: Schemas['simulator/control']['Weight'];
    } & Record<string, unknown>;
    Weight: number;
    TrafficRequest: {
      /** Events a minute of the tenant's time, on average. */
      rate: number;
      /** After how many events it ends; what belongs to the last thing done is still published. */
      count?: number;
      /** After how much of the tenant's time it ends, an ISO 8601 duration. */
      duration?: string;
      /** Evenly, or by the hours and days of the operator's policy. Evenly unless told, and by these for a duration of a day and longer. */
      shape?: 'even' | 'life';
      mix?: Schemas['simulator/control']['TrafficMix'];
    };
    Traffic: {
      /** `stopped` by request, `finished` by its count or duration. */
      state: 'idle' | 'running' | 'stopped' | 'finished';
      rate?: number;
      count?: number;
      duration?: string;
      shape?: 'even' | 'life';
      mix?: Schemas['simulator/control']['TrafficMix'];
      startedAt?: Schemas['simulator/control']['Time'];
      /** When its duration is over. */
      until?: Schemas['simulator/control']['Time'];
      /** How many events it has led to. */
      published: number;
      /** How often each thing has been done. */
      acts: Record<string, number>;
    };
    TranscriptDigest: {
      /** SHA-256 in hexadecimal digits. */
      digest: string;
      /** The number of the first entry that it covers, counted from 1. */
      from: number;
      /** The number of the last. */
      to: number;
    };
  };
}

/** Those that a client may send with less, because the server sets the rest. */
export interface RequestSchemas {
  'aps-subscriptions/resources': {
    /** What the bus keeps about a resource. Clients cannot set any of it. */
    ApsEnvelope: {
      /** APS id */
      readonly id?: string;
      /** Id of the APS type */
      readonly type?: string;
      /** State of the resource */
      readonly status?: 'aps:proto' | 'aps:provisioning' | 'aps:ready' | 'aps:activating' | 'aps:unprovisioning' | 'aps:deleted' | 'aps:upgrading' | 'aps:configuring';
      /** Grows by one with each change */
      readonly revision?: number;
      /** When it last changed, in UTC */
      readonly modified?: string;
      /** APS id of the subscription the resource belongs to */
      readonly subscription?: string;
      /** Path of the type on the bus */
      readonly schema?: string;
      /** The application package the type comes from */
      readonly package?: {
        readonly id?: string;
        readonly href?: string;
      };
    };
    /** A resource; the properties of its APS type stand beside `aps`. */
    ApsResource: {
      aps: RequestSchemas['aps-subscriptions/resources']['ApsEnvelope'];
    } & Record<string, unknown>;
  };
}

/** What is stored, by collection. */
export interface Entities {
  'billing-account/BillingAccount': Schemas['billing-account/billing-account']['BillingAccount'];
  'billing-account/EventSubscription': Schemas['billing-account/hub']['EventSubscription'];
  'connectx/Customer': Schemas['connectx/bss-api']['Customer'];
  'connectx/Subscription': Schemas['connectx/bss-api']['Subscription'];
  'connectx/Invoice': Schemas['connectx/bss-api']['Invoice'];
  'connectx/Product': Schemas['connectx/bss-api']['Product'];
  'macd/OrderRecord': Schemas['macd/northbound']['OrderRecord'];
  'macd/Subscriber': Schemas['macd/northbound']['Subscriber'];
  'simulator/ContractSummary': Schemas['simulator/control']['ContractSummary'];
  'simulator/Timer': Schemas['simulator/control']['Timer'];
  'simulator/Activity': Schemas['simulator/control']['Activity'];
  'simulator/Snapshot': Schemas['simulator/control']['Snapshot'];
  'simulator/Tenant': Schemas['simulator/control']['Tenant'];
  'simulator/JournalEntry': Schemas['simulator/control']['JournalEntry'];
  'simulator/Event': Schemas['simulator/control']['Event'];
  'simulator/Action': Schemas['simulator/control']['Action'];
  'simulator/Inbox': {
    /** The id of the message. */
    id: string;
  };
  'simulator/InboxMessage': Schemas['simulator/control']['InboxMessage'];
  'simulator/Delivery': Schemas['simulator/control']['Delivery'];
  'simulator/Webhook': Schemas['simulator/control']['Webhook'];
  'simulator/Fault': Schemas['simulator/control']['Fault'];
  'simulator/EntityPage': Schemas['simulator/control']['EntityPage'];
  'simulator/Graph': Schemas['simulator/control']['Graph'];
  'simulator/Story': Schemas['simulator/control']['Story'];
  'simulator/Playbook': Schemas['simulator/control']['Playbook'];
  'simulator/Policy': Record<string, unknown>;
  'simulator/Traffic': Schemas['simulator/control']['Traffic'];
}

/** The operations of a path by method, and that it has no others. */
export type Methods<Given> = Given & {
  parameters: NoParameters;
} & { [Method in Exclude<'get' | 'put' | 'post' | 'delete' | 'options' | 'head' | 'patch' | 'trace', keyof Given>]?: never };

/** The parameters of an operation by place, and that it has none elsewhere. */
export type ParametersIn<Given> = Given & { [Place in Exclude<keyof NoParameters, keyof Given>]?: never };

/** A path or an operation without parameters. */
export interface NoParameters {
  query?: never;
  header?: never;
  path?: never;
  cookie?: never;
}

/** An answer with this content, by media type. */
export interface Answer<Content> {
  headers: { [name: string]: unknown };
  content: Content;
}

/** An answer of JSON. */
export type Json<Value> = Answer<{ 'application/json': Value }>;

/** A problem as RFC 9457 describes them. */
export type ProblemJson<Value> = Answer<{ 'application/problem+json': Value }>;

/** An answer without content. */
export interface EmptyAnswer {
  headers: { [name: string]: unknown };
  content?: never;
}

/** Answers that operations of a contract have alike. */
export interface Answers {
  'aps-subscriptions/resources': {
    /** The resource after the change */
    200: Json<Schemas['aps-subscriptions/resources']['ApsResource']>;
    /** The query, the id or the body cannot be understood, or does not fit the type */
    400: Json<Schemas['aps-subscriptions/resources']['ApsError']>;
    /** The token is missing, wrong or expired, or does not give access */
    403: Json<Schemas['aps-subscriptions/resources']['ApsError']>;
    /** There is no resource of that id */
    404: Json<Schemas['aps-subscriptions/resources']['ApsError']>;
    /** The state of the resource does not allow it */
    409: Json<Schemas['aps-subscriptions/resources']['ApsError']>;
  };
  'aps-subscriptions/subscription-management-service': {
    /** It could not be done. */
    default: Json<Record<string, unknown>>;
  };
  'billing-account/billing-account': {
    /** Notified */
    200: Answer<{ 'application/json;charset=utf-8': Schemas['billing-account/billing-account']['EventSubscription'] }>;
    /** Created */
    201: EmptyAnswer;
    /** Bad Request */
    400: Answer<{ 'application/json;charset=utf-8': Schemas['billing-account/billing-account']['Error'] }>;
    /** Unauthorized */
    401: Answer<{ 'application/json;charset=utf-8': Schemas['billing-account/billing-account']['Error'] }>;
    /** Forbidden */
    403: Answer<{ 'application/json;charset=utf-8': Schemas['billing-account/billing-account']['Error'] }>;
    /** Not Found */
    404: Answer<{ 'application/json;charset=utf-8': Schemas['billing-account/billing-account']['Error'] }>;
    /** Method Not allowed */
    405: Answer<{ 'application/json;charset=utf-8': Schemas['billing-account/billing-account']['Error'] }>;
    /** Conflict */
    409: Answer<{ 'application/json;charset=utf-8': Schemas['billing-account/billing-account']['Error'] }>;
    /** Internal Server Error */
    500: Answer<{ 'application/json;charset=utf-8': Schemas['billing-account/billing-account']['Error'] }>;
  };
  'billing-account/hub': {
    /** Unauthorized */
    401: Json<Schemas['billing-account/hub']['Error']>;
    /** Forbidden */
    403: Json<Schemas['billing-account/hub']['Error']>;
  };
  'macd/northbound': {
    /** The request breaks the contract; every violation is listed. */
    400: ProblemJson<Schemas['macd/northbound']['Problem']>;
    /** There is no such thing. */
    404: ProblemJson<Schemas['macd/northbound']['Problem']>;
  };
  'simulator/control': {
    /** It is recorded. */
    200: Json<{
      /** The id of the message. */
      id: string;
    }>;
    /** It cannot be done; the problem says why and what to do. */
    default: ProblemJson<Schemas['simulator/control']['Problem']>;
    /** It cannot be done; the problem says why and what to do. */
    404: ProblemJson<Schemas['simulator/control']['Problem']>;
    /** It cannot be done; the problem says why and what to do. */
    400: ProblemJson<Schemas['simulator/control']['Problem']>;
    /** It cannot be done; the problem says why and what to do. */
    409: ProblemJson<Schemas['simulator/control']['Problem']>;
    /** It cannot be done; the problem says why and what to do. */
    410: ProblemJson<Schemas['simulator/control']['Problem']>;
  };
}

/** Operations by path and method. */
export interface paths {
  '/aps/2/resources': Methods<{
    /** Find resources */
    get: {
      parameters: NoParameters;
      requestBody?: never;
      responses: {
        /** All resources that match */
        200: {
          headers: {
            'Content-Range'?: string;
            [name: string]: unknown;
          };
          content: { 'application/json': Schemas['aps-subscriptions/resources']['ApsResource'][] };
        };
        /** A page of the resources that match */
        206: {
          headers: {
            'Content-Range'?: string;
            [name: string]: unknown;
          };
          content: { 'application/json': Schemas['aps-subscriptions/resources']['ApsResource'][] };
        };
      } & Pick<Answers['aps-subscriptions/resources'], 400 | 403>;
    };
    /** Order a subscription, or open an account */
    post: {
      parameters: NoParameters;
      requestBody: {
        content: { 'application/json': Schemas['aps-subscriptions/resources']['ApsResourceOrder'] };
      };
      responses: {
        /** The resource as it is now */
        201: Json<Schemas['aps-subscriptions/resources']['ApsResource']>;
      } & Pick<Answers['aps-subscriptions/resources'], 400 | 403 | 404 | 409>;
    };
  }>;
  '/aps/2/resources/{apsId}/enable': Methods<{
    /** Let a subscription run again */
    put: {
      parameters: ParametersIn<{
        path: {
          /** APS id of the resource */
          apsId: string;
        };
      }>;
      requestBody?: never;
      responses: Pick<Answers['aps-subscriptions/resources'], 200 | 400 | 403 | 404 | 409>;
    };
  }>;
  '/aps/2/resources/{apsId}/disable': Methods<{
    /** Put a subscription on hold */
    put: {
      parameters: ParametersIn<{
        path: {
          /** APS id of the resource */
          apsId: string;
        };
      }>;
      requestBody?: never;
      responses: Pick<Answers['aps-subscriptions/resources'], 200 | 400 | 403 | 404 | 409>;
    };
  }>;
  '/aps/2/resources/{apsId}': Methods<{
    /** Read a resource */
    get: {
      parameters: ParametersIn<{
        path: {
          /** APS id of the resource */
          apsId: string;
        };
      }>;
      requestBody?: never;
      responses: {
        /** The resource */
        200: Json<Schemas['aps-subscriptions/resources']['ApsResource']>;
      } & Pick<Answers['aps-subscriptions/resources'], 400 | 403 | 404>;
    };
    /** Change a resource */
    put: {
      parameters: ParametersIn<{
        path: {
          /** APS id of the resource */
          apsId: string;
        };
      }>;
      requestBody: {
        content: { 'application/json': Schemas['aps-subscriptions/resources']['ApsResourceUpdate'] };
      };
      responses: Pick<Answers['aps-subscriptions/resources'], 200 | 400 | 403 | 404 | 409>;
    };
    /** Delete a resource */
    delete: {
      parameters: ParametersIn<{
        path: {
          /** APS id of the resource */
          apsId: string;
        };
      }>;
      requestBody?: never;
      responses: {
        /** The resource is gone */
        204: EmptyAnswer;
      } & Pick<Answers['aps-subscriptions/resources'], 400 | 403 | 404 | 409>;
    };
  }>;
  '/aps/2/resources/{aps-id}/bss-subscriptions-tcv': Methods<{
    /** Lists subscriptions, each with its total contract values. */
    get: {
      parameters: ParametersIn<{
        path: {
          /** APS id of the resource. */
          'aps-id': string;
        };
      }>;
      requestBody?: never;
      responses: {
        /** Done. */
        200: Json<Schemas['aps-subscriptions/subscription-management-service']['BssSubscriptionWithTcv'][]>;
      } & Pick<Answers['aps-subscriptions/subscription-management-service'], 'default'>;
    };
  }>;
  '/aps/2/resources/{aps-id}/getSubscriptionsByVendorSubscriptionId': Methods<{
    /** Finds the subscriptions that carry a given id of the vendor. */
    get: {
      parameters: ParametersIn<{
        query?: {
          /** The id the vendor gave the subscription. */
          vendorSubscriptionId?: string;
        };
        path: {
          /** APS id of the resource. */
          'aps-id': string;
        };
      }>;
      requestBody?: never;
      responses: {
        /** Done. */
        200: Json<Schemas['aps-subscriptions/subscription-management-service']['BSSSubscription'][]>;
      } & Pick<Answers['aps-subscriptions/subscription-management-service'], 'default'>;
    };
  }>;
  '/aps/2/resources/{aps-id}/subscriptions/bill': Methods<{
    /** Reports which subscriptions have usage recorded by an outside system. An active subscription is billed for it on its next billing date, a cancelled one on the same day. */
    post: {
      parameters: ParametersIn<{
        path: {
          /** APS id of the resource. */
          'aps-id': string;
        };
      }>;
      requestBody: {
        content: { 'application/json': Schemas['aps-subscriptions/subscription-management-service']['BillRequest'] };
      };
      responses: {
        /** Done. */
        204: EmptyAnswer;
      } & Pick<Answers['aps-subscriptions/subscription-management-service'], 'default'>;
    };
  }>;
  '/billingaccounttmfwebservices/v2/billingAccount': Methods<{
    /** List or find billing accounts */
    get: {
      parameters: ParametersIn<{
        query?: {
          /** Names of the properties to return, separated by commas. */
          fields?: string;
          /** How many accounts to return. */
          limit?: number;
          /** Index of the first account to return. */
          offset?: number;
          /** Only accounts with this payment status. */
          paymentStatus?: string;
        };
      }>;
      requestBody?: never;
      responses: {
        /** Success */
        200: Json<Schemas['billing-account/billing-account']['BillingAccount'][]>;
        /** Bad Request */
        400: Json<Schemas['billing-account/billing-account']['Error']>;
        /** Unauthorized */
        401: Json<Schemas['billing-account/billing-account']['Error']>;
        /** Forbidden */
        403: Json<Schemas['billing-account/billing-account']['Error']>;
        /** Not Found */
        404: Json<Schemas['billing-account/billing-account']['Error']>;
        /** Method Not allowed */
        405: Json<Schemas['billing-account/billing-account']['Error']>;
        /** Conflict */
        409: Json<Schemas['billing-account/billing-account']['Error']>;
        /** Internal Server Error */
        500: Json<Schemas['billing-account/billing-account']['Error']>;
      };
    };
    /** Create a billing account */
    post: {
      parameters: NoParameters;
      requestBody: {
        content: { 'application/json;charset=utf-8': Schemas['billing-account/billing-account']['BillingAccount'] };
      };
      responses: {
        /** OK */
        200: Answer<{ 'application/json;charset=utf-8': Schemas['billing-account/billing-account']['BillingAccount'] }>;
        /** Created */
        201: Answer<{ 'application/json;charset=utf-8': Schemas['billing-account/billing-account']['BillingAccount'] }>;
        /** Not Found */
        404: EmptyAnswer;
      } & Pick<Answers['billing-account/billing-account'], 400 | 401 | 403 | 405 | 409 | 500>;
    };
  }>;
  '/billingaccounttmfwebservices/v2/billingAccount/{id}': Methods<{
    /** Read one billing account */
    get: {
      parameters: ParametersIn<{
        query?: {
          /** Names of the properties to return, separated by commas. */
          fields?: string;
        };
        path: {
          /** Key of the account. */
          id: string;
        };
      }>;
      requestBody?: never;
      responses: {
        /** Success */
        200: Json<Schemas['billing-account/billing-account']['BillingAccount']>;
        /** Bad Request */
        400: Json<Schemas['billing-account/billing-account']['Error']>;
        /** Unauthorized */
        401: Json<Schemas['billing-account/billing-account']['Error']>;
        /** Forbidden */
        403: Json<Schemas['billing-account/billing-account']['Error']>;
        /** Not Found */
        404: Json<Schemas['billing-account/billing-account']['Error']>;
        /** Method Not allowed */
        405: Json<Schemas['billing-account/billing-account']['Error']>;
        /** Conflict */
        409: Json<Schemas['billing-account/billing-account']['Error']>;
        /** Internal Server Error */
        500: Json<Schemas['billing-account/billing-account']['Error']>;
      };
    };
    /** Delete a billing account */
    delete: {
      parameters: ParametersIn<{
        path: {
          /** Key of the account. */
          id: string;
        };
      }>;
      requestBody?: never;
      responses: {
        /** OK */
        200: EmptyAnswer;
        /** Deleted */
        204: EmptyAnswer;
      } & Pick<Answers['billing-account/billing-account'], 400 | 401 | 403 | 404 | 405 | 409 | 500>;
    };
    /** Change parts of a billing account */
    patch: {
      parameters: ParametersIn<{
        path: {
          /** Key of the account. */
          id: string;
        };
      }>;
      requestBody: {
        content: { 'application/json;charset=utf-8': Schemas['billing-account/billing-account']['BillingAccount'] };
      };
      responses: {
        /** Updated */
        200: Answer<{ 'application/json;charset=utf-8': Schemas['billing-account/billing-account']['BillingAccount'] }>;
        /** No Content */
        204: EmptyAnswer;
      } & Pick<Answers['billing-account/billing-account'], 400 | 401 | 403 | 404 | 405 | 409 | 500>;
    };
  }>;
  '/billingaccounttmfwebservices/v2/listener/billingAccountAttributeValueChangeEvent': Methods<{
    /** Take a BillingAccountAttributeValueChangeEvent */
    post: {
      parameters: NoParameters;
      requestBody: {
        content: { 'application/json;charset=utf-8': Schemas['billing-account/billing-account']['BillingAccountAttributeValueChangeEvent'] };
      };
      responses: Pick<Answers['billing-account/billing-account'], 200 | 201 | 400 | 401 | 403 | 404 | 405 | 409 | 500>;
    };
  }>;
  '/billingaccounttmfwebservices/v2/listener/billingAccountStateChangeEvent': Methods<{
    /** Take a BillingAccountStateChangeEvent */
    post: {
      parameters: NoParameters;
      requestBody: {
        content: { 'application/json;charset=utf-8': Schemas['billing-account/billing-account']['BillingAccountStateChangeEvent'] };
      };
      responses: Pick<Answers['billing-account/billing-account'], 200 | 201 | 400 | 401 | 403 | 404 | 405 | 409 | 500>;
    };
  }>;
  '/billingaccounttmfwebservices/v2/hub': Methods<{
    /** Register a listener */
    post: {
      parameters: NoParameters;
      requestBody: {
        content: { 'application/json': Schemas['billing-account/hub']['EventSubscriptionInput'] };
      };
      responses: {
        /** The listener is registered. */
        201: {
          headers: {
            Location: string;
            [name: string]: unknown;
          };
          content: { 'application/json': Schemas['billing-account/hub']['EventSubscription'] };
        };
        /** Bad Request */
        400: Json<Schemas['billing-account/hub']['Error']>;
        /** Conflict */
        409: Json<Schemas['billing-account/hub']['Error']>;
      } & Pick<Answers['billing-account/hub'], 401 | 403>;
    };
  }>;
  '/billingaccounttmfwebservices/v2/hub/{id}': Methods<{
    /** Unregister a listener */
    delete: {
      parameters: ParametersIn<{
        path: {
          /** Key of the subscription. */
          id: string;
        };
      }>;
      requestBody?: never;
      responses: {
        /** The listener is gone. */
        204: EmptyAnswer;
        /** Not Found */
        404: Json<Schemas['billing-account/hub']['Error']>;
      } & Pick<Answers['billing-account/hub'], 401 | 403>;
    };
  }>;
  '/v1/customers': Methods<{
    /** Find customers */
    get: {
      parameters: ParametersIn<{
        query?: {
          status?: 'Active' | 'Inactive' | 'Suspended' | 'Terminated';
          customerType?: 'Individual' | 'Business' | 'Government';
          page?: number;
          pageSize?: number;
        };
      }>;
      requestBody?: never;
      responses: {
        /** One page of customers */
        200: Json<Schemas['connectx/bss-api']['CustomerList']>;
        /** The caller did not prove who it is */
        401: Json<Schemas['connectx/bss-api']['Error']>;
      };
    };
    /** Open a customer account */
    post: {
      parameters: NoParameters;
      requestBody: {
        content: { 'application/json': Schemas['connectx/bss-api']['CustomerRequest'] };
      };
      responses: {
        /** The account that was opened */
        201: Json<Schemas['connectx/bss-api']['Customer']>;
      };
    };
  }>;
  '/v1/customers/{customerId}': Methods<{
    /** Read one customer */
    get: {
      parameters: ParametersIn<{
        path: {
          customerId: string;
        };
      }>;
      requestBody?: never;
      responses: {
        /** The customer */
        200: Json<Schemas['connectx/bss-api']['Customer']>;
        /** There is no such resource */
        404: Json<Schemas['connectx/bss-api']['Error']>;
      };
    };
    /** Change a customer */
    patch: {
      parameters: ParametersIn<{
        path: {
          customerId: string;
        };
      }>;
      requestBody: {
        content: { 'application/json': Schemas['connectx/bss-api']['CustomerUpdate'] };
      };
      responses: {
        /** The customer after the change */
        200: Json<Schemas['connectx/bss-api']['Customer']>;
      };
    };
  }>;
  '/v1/customers/{customerId}/subscriptions': Methods<{
    /** Find a customer's subscriptions */
    get: {
      parameters: ParametersIn<{
        query?: {
          status?: 'Active' | 'Suspended' | 'Cancelled' | 'Pending';
        };
        path: {
          customerId: string;
        };
      }>;
      requestBody?: never;
      responses: {
        /** The subscriptions found */
        200: Json<Schemas['connectx/bss-api']['SubscriptionList']>;
      };
    };
    /** Subscribe a customer to a product */
    post: {
      parameters: ParametersIn<{
        path: {
          customerId: string;
        };
      }>;
      requestBody: {
        content: { 'application/json': Schemas['connectx/bss-api']['SubscriptionRequest'] };
      };
      responses: {
        /** The new subscription */
        201: Json<Schemas['connectx/bss-api']['Subscription']>;
      };
    };
  }>;
  '/v1/customers/{customerId}/invoices': Methods<{
    /** Find a customer's invoices */
    get: {
      parameters: ParametersIn<{
        query?: {
          fromDate?: string;
          toDate?: string;
          status?: 'Open' | 'Paid' | 'Overdue' | 'Cancelled';
        };
        path: {
          customerId: string;
        };
      }>;
      requestBody?: never;
      responses: {
        /** The invoices found */
        200: Json<Schemas['connectx/bss-api']['InvoiceList']>;
      };
    };
  }>;
  '/v1/products': Methods<{
    /** Read the catalogue */
    get: {
      parameters: ParametersIn<{
        query?: {
          productType?: 'Mobile' | 'Broadband' | 'TV' | 'Bundle' | 'Addon';
          status?: 'Active' | 'Discontinued';
        };
      }>;
      requestBody?: never;
      responses: {
        /** The products found */
        200: Json<Schemas['connectx/bss-api']['ProductList']>;
      };
    };
  }>;
  '/macd/orders': Methods<{
    /** List orders */
    get: {
      parameters: ParametersIn<{
        query?: {
          /** Only orders whose message has this Operation. */
          operation?: 'Add' | 'Change' | 'Delete';
          /** Only orders in this state. */
          state?: Schemas['macd/northbound']['OrderState'];
          /** Only orders that name this user. */
          username?: string;
          /** Only this customer. */
          customer?: string;
          /** How many matches to skip. */
          offset?: number;
          /** How many matches to return at most. */
          limit?: number;
        };
      }>;
      requestBody?: never;
      responses: {
        /** A page of orders. */
        200: {
          headers: {
            'X-Total-Count'?: number;
            'X-Result-Count'?: number;
            [name: string]: unknown;
          };
          content: { 'application/json': Schemas['macd/northbound']['OrderRecord'][] };
        };
      } & Pick<Answers['macd/northbound'], 400>;
    };
    /** Send an order */
    post: {
      parameters: NoParameters;
      requestBody: {
        content: { 'application/json': Schemas['macd/northbound']['OrderMessage'] };
      };
      responses: {
        /** The order is taken; callbacks will tell how it went. */
        202: {
          headers: {
            Location: string;
            [name: string]: unknown;
          };
          content: { 'application/json': Schemas['macd/northbound']['OrderRecord'] };
        };
        /** The MessageID was seen before with other content. */
        409: ProblemJson<Schemas['macd/northbound']['Problem']>;
        /** The message is too large. */
        413: ProblemJson<Schemas['macd/northbound']['Problem']>;
        /** The message is not JSON. */
        415: ProblemJson<Schemas['macd/northbound']['Problem']>;
      } & Pick<Answers['macd/northbound'], 400>;
    };
  }>;
  '/macd/orders/{messageId}': Methods<{
    /** Read one order */
    get: {
      parameters: ParametersIn<{
        path: {
          /** MessageID of the order, or its transactionId. */
          messageId: string;
        };
      }>;
      requestBody?: never;
      responses: {
        /** The order's record. */
        200: Json<Schemas['macd/northbound']['OrderRecord']>;
      } & Pick<Answers['macd/northbound'], 404>;
    };
  }>;
  '/macd/subscribers': Methods<{
    /** List subscribers */
    get: {
      parameters: ParametersIn<{
        query?: {
          /** Only this customer. */
          customer?: string;
          /** Only this location. */
          location?: string;
          /** How many matches to skip. */
          offset?: number;
          /** How many matches to return at most. */
          limit?: number;
        };
      }>;
      requestBody?: never;
      responses: {
        /** A page of subscribers. */
        200: {
          headers: {
            'X-Total-Count'?: number;
            'X-Result-Count'?: number;
            [name: string]: unknown;
          };
          content: { 'application/json': Schemas['macd/northbound']['Subscriber'][] };
        };
      } & Pick<Answers['macd/northbound'], 400>;
    };
  }>;
  '/macd/subscribers/{username}': Methods<{
    /** Read one subscriber */
    get: {
      parameters: ParametersIn<{
        path: {
          /** Username of the subscriber. */
          username: string;
        };
      }>;
      requestBody?: never;
      responses: {
        /** The subscriber. */
        200: Json<Schemas['macd/northbound']['Subscriber']>;
      } & Pick<Answers['macd/northbound'], 404>;
    };
  }>;
  '/macd/callback': Methods<{
    /** Take a callback */
    post: {
      parameters: NoParameters;
      requestBody: {
        content: { 'application/json': Schemas['macd/northbound']['CallbackMessage'] };
      };
      responses: {
        /** The callback is noted on its order. */
        204: EmptyAnswer;
        /** No order has this MessageID. */
        404: ProblemJson<Schemas['macd/northbound']['Problem']>;
      } & Pick<Answers['macd/northbound'], 400>;
    };
  }>;
  '/_simulator/health': Methods<{
    /** Tell whether the simulator is ready, and what it serves */
    get: {
      parameters: NoParameters;
      requestBody?: never;
      responses: {
        /** It is ready. */
        200: Json<Schemas['simulator/control']['Health']>;
      } & Pick<Answers['simulator/control'], 'default'>;
    };
  }>;
  '/_simulator/contracts': Methods<{
    /** List the contracts that are served */
    get: {
      parameters: ParametersIn<{
        query?: {
          /** The cursor after which the list begins, the id of an item. */
          after?: string;
          /** The most items to answer. */
          limit?: number;
        };
      }>;
      requestBody?: never;
      responses: {
        /** The contracts, by system and name. */
        200: Json<{
          items: Schemas['simulator/control']['ContractSummary'][];
          next?: Schemas['simulator/control']['Cursor'];
        }>;
      } & Pick<Answers['simulator/control'], 'default'>;
    };
  }>;
  '/_simulator/contracts/reload': Methods<{
    /** Read what the last change of the contracts has set aside in the tenant */
    get: {
      parameters: NoParameters;
      requestBody?: never;
      responses: {
        /** What was set aside; nothing where the contracts have not changed or everything has stayed. */
        200: Json<{
          items: Schemas['simulator/control']['Dropped'][];
        }>;
      } & Pick<Answers['simulator/control'], 'default'>;
    };
  }>;
  '/_simulator/contracts/{system}/{name}': Methods<{
    /** Read the document of a contract */
    get: {
      parameters: ParametersIn<{
        query?: {
          /** As it stands in its file, with its own servers and without what overlays change. */
          raw?: boolean;
        };
        path: {
          /** The name of a system, such as connectx. */
          system: string;
          /** The name of the contract, such as bss-api; with `.json` or `.yaml` behind it, in that form. */
          name: string;
        };
      }>;
      requestBody?: never;
      responses: {
        /** The document with its overlays applied, and with servers that name this simulator and the tenant. */
        200: Answer<{
          'application/yaml': string;
          'application/json': unknown;
        }>;
      } & Pick<Answers['simulator/control'], 404 | 'default'>;
    };
  }>;
  '/_simulator/contracts/{system}/{name}/examples': Methods<{
    /** Read what operations and channels of a contract take, with a valid example of each */
    get: {
      parameters: ParametersIn<{
        path: {
          /** The name of a system, such as connectx. */
          system: string;
          /** The name of the contract, such as bss-api. */
          name: string;
        };
      }>;
      requestBody?: never;
      responses: {
        /** In the order of the contract. */
        200: Json<Schemas['simulator/control']['Examples']>;
      } & Pick<Answers['simulator/control'], 404 | 'default'>;
    };
  }>;
  '/_simulator/contracts/{system}/{name}/operations': Methods<{
    /** Read how each operation of a contract is answered, and why */
    get: {
      parameters: ParametersIn<{
        query?: {
          /** The cursor after which the list begins, the id of an item. */
          after?: string;
          /** The most items to answer. */
          limit?: number;
        };
        path: {
          /** The name of a system, such as connectx. */
          system: string;
          /** The name of the contract, such as bss-api. */
          name: string;
        };
      }>;
      requestBody?: never;
      responses: {
        /** The operations, in the order of the document. */
        200: Json<{
          items: Schemas['simulator/control']['Explanation'][];
          next?: Schemas['simulator/control']['Cursor'];
        }>;
      } & Pick<Answers['simulator/control'], 404 | 'default'>;
    };
  }>;
  '/_simulator/clock': Methods<{
    /** Read the clock and the timers that wait */
    get: {
      parameters: ParametersIn<{
        query?: {
          /** The most timers to tell. */
          limit?: number;
        };
      }>;
      requestBody?: never;
      responses: {
        /** The clock. */
        200: Json<Schemas['simulator/control']['Clock']>;
      } & Pick<Answers['simulator/control'], 'default'>;
    };
    /** Change how the clock runs */
    put: {
      parameters: NoParameters;
      requestBody: {
        content: { 'application/json': Schemas['simulator/control']['ClockSetting'] };
      };
      responses: {
        /** The clock as it runs now. */
        200: Json<Schemas['simulator/control']['Clock']>;
      } & Pick<Answers['simulator/control'], 400 | 'default'>;
    };
  }>;
  '/_simulator/clock/advance': Methods<{
    /** Move the clock forward */
    post: {
      parameters: NoParameters;
      requestBody: {
        content: { 'application/json': Schemas['simulator/control']['Advance'] };
      };
      responses: {
        /** How far it went, and what happened. */
        200: Json<Schemas['simulator/control']['AdvanceResult']>;
      } & Pick<Answers['simulator/control'], 400 | 409 | 'default'>;
    };
  }>;
  '/_simulator/timers': Methods<{
    /** List what is due, soonest first, and what set it */
    get: {
      parameters: ParametersIn<{
        query?: {
          /** The cursor after which the list begins, the id of an item. */
          after?: string;
          /** The most items to answer. */
          limit?: number;
        };
      }>;
      requestBody?: never;
      responses: {
        /** The timers that wait, attempts of deliveries among them. */
        200: Json<{
          items: Schemas['simulator/control']['Timer'][];
          next?: Schemas['simulator/control']['Cursor'];
        }>;
      } & Pick<Answers['simulator/control'], 404 | 'default'>;
    };
  }>;
  '/_simulator/activity': Methods<{
    /** List what has happened and why, or follow it */
    get: {
      parameters: ParametersIn<{
        query?: {
          /** Only those of this kind. */
          kind?: Schemas['simulator/control']['ActivityKind'];
          /** Only those about this resource, such as connectx/Customer/CUS-000001. */
          subject?: string;
          /** Only those of this trace. */
          trace?: Schemas['simulator/control']['TraceId'];
          /** The cursor after which the list begins, the id of an item. */
          after?: string;
          /** The most items to answer. */
          limit?: number;
        };
        header?: {
          /** The id of the last item that was received; goes before `after`. */
          'Last-Event-ID'?: string;
        };
      }>;
      requestBody?: never;
      responses: {
        /** The items, oldest first. */
        200: Answer<{
          'application/json': {
            items: Schemas['simulator/control']['Activity'][];
            next?: Schemas['simulator/control']['Cursor'];
          };
          'text/event-stream': string;
        }>;
      } & Pick<Answers['simulator/control'], 410 | 'default'>;
    };
  }>;
  '/_simulator/activity/{id}/trace': Methods<{
    /** Read what led to something, and what it led to */
    get: {
      parameters: ParametersIn<{
        path: {
          /** The id of an item, such as REQ-000001; a slash in it is written %2F. */
          id: string;
        };
      }>;
      requestBody?: never;
      responses: {
        /** The tree. */
        200: Json<Schemas['simulator/control']['Trace']>;
      } & Pick<Answers['simulator/control'], 404 | 'default'>;
    };
  }>;
  '/_simulator/reset': Methods<{
    /** Go back to the start */
    post: {
      parameters: NoParameters;
      requestBody?: {
        content: { 'application/json': Schemas['simulator/control']['Reset'] };
      };
      responses: {
        /** The start that it went back to. */
        200: Json<Schemas['simulator/control']['Start']>;
      } & Pick<Answers['simulator/control'], 400 | 'default'>;
    };
  }>;
  '/_simulator/policies': Methods<{
    /** Read what the tenant decides where no contract does */
    get: {
      parameters: NoParameters;
      requestBody?: never;
      responses: {
        /** All policies with their values. */
        200: Json<Schemas['simulator/control']['Policies']>;
      } & Pick<Answers['simulator/control'], 'default'>;
    };
    /** Change what the tenant decides where no contract does */
    put: {
      parameters: NoParameters;
      requestBody: {
        content: { 'application/json': Schemas['simulator/control']['PolicyChanges'] };
      };
      responses: {
        /** All policies with their values. */
        200: Json<Schemas['simulator/control']['Policies']>;
      } & Pick<Answers['simulator/control'], 400 | 'default'>;
    };
  }>;
  '/_simulator/snapshots': Methods<{
    /** List the snapshots of the tenant */
    get: {
      parameters: ParametersIn<{
        query?: {
          /** The cursor after which the list begins, the id of an item. */
          after?: string;
          /** The most items to answer. */
          limit?: number;
        };
      }>;
      requestBody?: never;
      responses: {
        /** The snapshots, oldest first. */
        200: Json<{
          items: Schemas['simulator/control']['Snapshot'][];
          next?: Schemas['simulator/control']['Cursor'];
        }>;
      } & Pick<Answers['simulator/control'], 404 | 'default'>;
    };
    /** Keep everything as it stands */
    post: {
      parameters: NoParameters;
      requestBody?: never;
      responses: {
        /** The snapshot is taken. */
        201: Json<Schemas['simulator/control']['Snapshot']>;
      } & Pick<Answers['simulator/control'], 'default'>;
    };
  }>;
  '/_simulator/snapshots/{id}/restore': Methods<{
    /** Go back to a snapshot */
    post: {
      parameters: ParametersIn<{
        path: {
          id: string;
        };
      }>;
      requestBody?: never;
      responses: {
        /** Everything is as it was when the snapshot was taken. */
        200: Json<Schemas['simulator/control']['Snapshot']>;
      } & Pick<Answers['simulator/control'], 404 | 'default'>;
    };
  }>;
  '/_simulator/tenants': Methods<{
    /** List the tenants, in order of creation */
    get: {
      parameters: ParametersIn<{
        query?: {
          /** The cursor after which the list begins, the id of an item. */
          after?: string;
          /** The most items to answer. */
          limit?: number;
        };
      }>;
      requestBody?: never;
      responses: {
        /** The tenants. */
        200: Json<{
          items: Schemas['simulator/control']['Tenant'][];
          next?: Schemas['simulator/control']['Cursor'];
        }>;
      } & Pick<Answers['simulator/control'], 404 | 'default'>;
    };
  }>;
  '/_simulator/tenants/{name}': Methods<{
    /** Make a tenant, unless it is there */
    put: {
      parameters: ParametersIn<{
        path: {
          /** 1 to 64 letters, digits, dots, dashes or underscores, a letter or digit first. */
          name: string;
        };
      }>;
      requestBody?: never;
      responses: {
        /** It was there before. */
        200: Json<Schemas['simulator/control']['Tenant']>;
        /** It is there now. */
        201: Json<Schemas['simulator/control']['Tenant']>;
      } & Pick<Answers['simulator/control'], 'default'>;
    };
    /** Delete a tenant with all it holds */
    delete: {
      parameters: ParametersIn<{
        path: {
          /** 1 to 64 letters, digits, dots, dashes or underscores, a letter or digit first. */
          name: string;
        };
      }>;
      requestBody?: never;
      responses: {
        /** It is gone; asked for again, it begins anew. */
        204: EmptyAnswer;
      } & Pick<Answers['simulator/control'], 404 | 'default'>;
    };
  }>;
  '/_simulator/tenants/{name}/fork': Methods<{
    /** Make a tenant as a copy of another */
    post: {
      parameters: ParametersIn<{
        path: {
          /** 1 to 64 letters, digits, dots, dashes or underscores, a letter or digit first. */
          name: string;
        };
      }>;
      requestBody?: {
        content: { 'application/json': Schemas['simulator/control']['Fork'] };
      };
      responses: {
        /** The copy is there. */
        201: Json<Schemas['simulator/control']['Tenant']>;
      } & Pick<Answers['simulator/control'], 404 | 409 | 'default'>;
    };
  }>;
  '/_simulator/requests': Methods<{
    /** List the requests that the journal keeps */
    get: {
      parameters: ParametersIn<{
        query?: {
          /** Only those for this operation; `*` stands for any text. */
          operationId?: string;
          /** Only those with this method, in any case. */
          method?: string;
          /** Only those for this path, without the query; `*` stands for any text. */
          path?: string;
          /** Only those with this status; 0 for no answer. */
          status?: number;
          /** `har` writes them as an HTTP Archive (HAR 1.2); `log._next` is there while more follow. */
          as?: 'json' | 'har';
          /** The cursor after which the list begins, the id of an item. */
          after?: string;
          /** The most items to answer. */
          limit?: number;
        };
      }>;
      requestBody?: never;
      responses: {
        /** The requests, oldest first. */
        200: Answer<{
          'application/json': {
            items: Schemas['simulator/control']['JournalEntry'][];
            next?: Schemas['simulator/control']['Cursor'];
          };
          'application/har+json': {
            log: Record<string, unknown>;
          };
        }>;
      } & Pick<Answers['simulator/control'], 404 | 'default'>;
    };
    /** Empty the journal */
    delete: {
      parameters: NoParameters;
      requestBody?: never;
      responses: {
        /** It is empty. */
        204: EmptyAnswer;
      } & Pick<Answers['simulator/control'], 'default'>;
    };
  }>;
  '/_simulator/requests/{id}': Methods<{
    /** Read one request of the journal */
    get: {
      parameters: ParametersIn<{
        path: {
          id: string;
        };
      }>;
      requestBody?: never;
      responses: {
        /** The request and its answer. */
        200: Json<Schemas['simulator/control']['JournalEntry']>;
      } & Pick<Answers['simulator/control'], 404 | 'default'>;
    };
  }>;
  '/_simulator/requests/verify': Methods<{
    /** Count the requests of the journal that meet a pattern */
    post: {
      parameters: NoParameters;
      requestBody: {
        content: { 'application/json': Schemas['simulator/control']['Expectation'] };
      };
      responses: {
        /** How many there were, and whether that is what was expected. */
        200: Json<Schemas['simulator/control']['Verification']>;
      } & Pick<Answers['simulator/control'], 400 | 'default'>;
    };
  }>;
  '/_simulator/events': Methods<{
    /** List the messages of the log, or follow it */
    get: {
      parameters: ParametersIn<{
        query?: {
          /** The address of a channel; `*` stands for any text. */
          channel?: string;
          /** The cursor after which the list begins, the id of an item. */
          after?: string;
          /** The most items to answer. */
          limit?: number;
        };
        header?: {
          /** The id of the last event that was received; goes before `after`. */
          'Last-Event-ID'?: string;
        };
      }>;
      requestBody?: never;
      responses: {
        /** The events, oldest first. */
        200: Answer<{
          'application/json': {
            items: Schemas['simulator/control']['Event'][];
            next?: Schemas['simulator/control']['Cursor'];
          };
          'text/event-stream': string;
        }>;
      } & Pick<Answers['simulator/control'], 400 | 410 | 'default'>;
    };
    /** Publish one message by hand */
    post: {
      parameters: NoParameters;
      requestBody: {
        content: { 'application/json': Schemas['simulator/control']['Publication'] };
      };
      responses: {
        /** The event as it was published. */
        201: Json<Schemas['simulator/control']['Event']>;
      } & Pick<Answers['simulator/control'], 400 | 404 | 409 | 'default'>;
    };
  }>;
  '/_simulator/messages': Methods<{
    /** Hand over a message as a broker would */
    post: {
      parameters: NoParameters;
      requestBody: {
        content: { 'application/json': Schemas['simulator/control']['Message'] };
      };
      responses: {
        /** It has been taken. */
        204: EmptyAnswer;
      } & Pick<Answers['simulator/control'], 404 | 'default'>;
    };
  }>;
  '/_simulator/actions': Methods<{
    /** List the actions, and what each wants to know */
    get: {
      parameters: ParametersIn<{
        query?: {
          /** The cursor after which the list begins, the id of an item. */
          after?: string;
          /** The most items to answer. */
          limit?: number;
        };
      }>;
      requestBody?: never;
      responses: {
        /** The actions, by system and name. */
        200: Json<{
          items: Schemas['simulator/control']['Action'][];
          next?: Schemas['simulator/control']['Cursor'];
        }>;
      } & Pick<Answers['simulator/control'], 'default'>;
    };
  }>;
  '/_simulator/actions/{system}/{action}': Methods<{
    /** Do what the contracts offer no operation for */
    post: {
      parameters: ParametersIn<{
        path: {
          /** The name of a system, such as connectx. */
          system: string;
          /** The name of the action, such as activate-subscription. */
          action: string;
        };
      }>;
      requestBody?: {
        content: { 'application/json': Record<string, unknown> };
      };
      responses: {
        /** What the action answers. */
        200: Json<unknown>;
        /** It is done, and there is nothing to tell. */
        204: EmptyAnswer;
      } & Pick<Answers['simulator/control'], 400 | 404 | 409 | 'default'>;
    };
  }>;
  '/_simulator/inbox/{name}': Methods<{
    /** Record what arrives */
    get: {
      parameters: ParametersIn<{
        path: {
          /** 1 to 64 letters, digits, dots, dashes or underscores, a letter or digit first. */
          name: string;
        };
      }>;
      requestBody?: never;
      responses: Pick<Answers['simulator/control'], 200 | 'default'>;
    };
    /** Record what arrives */
    put: {
      parameters: ParametersIn<{
        path: {
          /** 1 to 64 letters, digits, dots, dashes or underscores, a letter or digit first. */
          name: string;
        };
      }>;
      requestBody?: {
        content: { '*/*': unknown };
      };
      responses: Pick<Answers['simulator/control'], 200 | 'default'>;
    };
    /** Record what arrives */
    post: {
      parameters: ParametersIn<{
        path: {
          /** 1 to 64 letters, digits, dots, dashes or underscores, a letter or digit first. */
          name: string;
        };
      }>;
      requestBody?: {
        content: { '*/*': unknown };
      };
      responses: Pick<Answers['simulator/control'], 200 | 'default'>;
    };
    /** Record what arrives */
    delete: {
      parameters: ParametersIn<{
        path: {
          /** 1 to 64 letters, digits, dots, dashes or underscores, a letter or digit first. */
          name: string;
        };
      }>;
      requestBody?: {
        content: { '*/*': unknown };
      };
      responses: Pick<Answers['simulator/control'], 200 | 'default'>;
    };
    /** Record what arrives */
    patch: {
      parameters: ParametersIn<{
        path: {
          /** 1 to 64 letters, digits, dots, dashes or underscores, a letter or digit first. */
          name: string;
        };
      }>;
      requestBody?: {
        content: { '*/*': unknown };
      };
      responses: Pick<Answers['simulator/control'], 200 | 'default'>;
    };
  }>;
  '/_simulator/inbox/{name}/messages': Methods<{
    /** List what an inbox has received */
    get: {
      parameters: ParametersIn<{
        query?: {
          /** The cursor after which the list begins, the id of an item. */
          after?: string;
          /** The most items to answer. */
          limit?: number;
        };
        path: {
          /** 1 to 64 letters, digits, dots, dashes or underscores, a letter or digit first. */
          name: string;
        };
      }>;
      requestBody?: never;
      responses: {
        /** The messages, oldest first; none for an inbox that nothing was sent to. */
        200: Json<{
          items: Schemas['simulator/control']['InboxMessage'][];
          next?: Schemas['simulator/control']['Cursor'];
        }>;
      } & Pick<Answers['simulator/control'], 404 | 'default'>;
    };
  }>;
  '/_simulator/deliveries': Methods<{
    /** List what was or will be sent outside */
    get: {
      parameters: ParametersIn<{
        query?: {
          /** Only those in this state; failed ones are the dead letters. */
          state?: Schemas['simulator/control']['DeliveryState'];
          /** Only those of this kind, such as callback, webhook or hub. */
          kind?: string;
          /** Only those that go there; `*` stands for any text. */
          target?: string;
          /** The cursor after which the list begins, the id of an item. */
          after?: string;
          /** The most items to answer. */
          limit?: number;
        };
      }>;
      requestBody?: never;
      responses: {
        /** The deliveries, oldest first. */
        200: Json<{
          items: Schemas['simulator/control']['Delivery'][];
          next?: Schemas['simulator/control']['Cursor'];
        }>;
      } & Pick<Answers['simulator/control'], 404 | 'default'>;
    };
  }>;
  '/_simulator/deliveries/{id}/redeliver': Methods<{
    /** Send a delivery again, now */
    post: {
      parameters: ParametersIn<{
        path: {
          id: string;
        };
      }>;
      requestBody?: never;
      responses: {
        /** The delivery is pending again. */
        202: Json<Schemas['simulator/control']['Delivery']>;
      } & Pick<Answers['simulator/control'], 404 | 'default'>;
    };
  }>;
  '/_simulator/webhooks': Methods<{
    /** List the webhooks, without their secrets */
    get: {
      parameters: ParametersIn<{
        query?: {
          /** The cursor after which the list begins, the id of an item. */
          after?: string;
          /** The most items to answer. */
          limit?: number;
        };
      }>;
      requestBody?: never;
      responses: {
        /** The webhooks, oldest first. */
        200: Json<{
          items: Schemas['simulator/control']['Webhook'][];
          next?: Schemas['simulator/control']['Cursor'];
        }>;
      } & Pick<Answers['simulator/control'], 404 | 'default'>;
    };
    /** Have events sent to an address, signed after Standard Webhooks */
    post: {
      parameters: NoParameters;
      requestBody: {
        content: { 'application/json': Schemas['simulator/control']['WebhookRequest'] };
      };
      responses: {
        /** It is registered. */
        201: Json<Schemas['simulator/control']['Webhook']>;
      } & Pick<Answers['simulator/control'], 'default'>;
    };
  }>;
  '/_simulator/webhooks/{id}': Methods<{
    /** Read a webhook and its secret */
    get: {
      parameters: ParametersIn<{
        path: {
          id: string;
        };
      }>;
      requestBody?: never;
      responses: {
        /** The webhook. */
        200: Json<Schemas['simulator/control']['Webhook']>;
      } & Pick<Answers['simulator/control'], 404 | 'default'>;
    };
    /** Forget a webhook */
    delete: {
      parameters: ParametersIn<{
        path: {
          id: string;
        };
      }>;
      requestBody?: never;
      responses: {
        /** It is forgotten. */
        204: EmptyAnswer;
      } & Pick<Answers['simulator/control'], 404 | 'default'>;
    };
  }>;
  '/_simulator/webhooks/{id}/rotate-secret': Methods<{
    /** Give a webhook a new secret */
    post: {
      parameters: ParametersIn<{
        path: {
          id: string;
        };
      }>;
      requestBody?: {
        content: { 'application/json': Schemas['simulator/control']['Rotation'] };
      };
      responses: {
        /** The webhook with its new secret. */
        200: Json<Schemas['simulator/control']['Webhook']>;
      } & Pick<Answers['simulator/control'], 404 | 'default'>;
    };
  }>;
  '/_simulator/faults': Methods<{
    /** List the faults, in the order in which they are tried */
    get: {
      parameters: ParametersIn<{
        query?: {
          /** The cursor after which the list begins, the id of an item. */
          after?: string;
          /** The most items to answer. */
          limit?: number;
        };
      }>;
      requestBody?: never;
      responses: {
        /** The faults, those that are used up included. */
        200: Json<{
          items: Schemas['simulator/control']['Fault'][];
          next?: Schemas['simulator/control']['Cursor'];
        }>;
      } & Pick<Answers['simulator/control'], 404 | 'default'>;
    };
    /** Let something go wrong */
    post: {
      parameters: NoParameters;
      requestBody: {
        content: { 'application/json': Schemas['simulator/control']['FaultRequest'] };
      };
      responses: {
        /** The fault waits. */
        201: Json<Schemas['simulator/control']['Fault']>;
      } & Pick<Answers['simulator/control'], 400 | 'default'>;
    };
    /** Remove every fault */
    delete: {
      parameters: NoParameters;
      requestBody?: never;
      responses: {
        /** There is none any more. What they hold up goes on when it is due. */
        204: EmptyAnswer;
      } & Pick<Answers['simulator/control'], 'default'>;
    };
  }>;
  '/_simulator/faults/{id}': Methods<{
    /** Remove a fault */
    delete: {
      parameters: ParametersIn<{
        path: {
          id: string;
        };
      }>;
      requestBody?: never;
      responses: {
        /** It is gone. */
        204: EmptyAnswer;
      } & Pick<Answers['simulator/control'], 404 | 'default'>;
    };
  }>;
  '/_simulator/collections': Methods<{
    /** List the collections of the world, with how much is in each */
    get: {
      parameters: ParametersIn<{
        query?: {
          /** The cursor after which the list begins, the id of an item. */
          after?: string;
          /** The most items to answer. */
          limit?: number;
        };
      }>;
      requestBody?: never;
      responses: {
        /** The collections. */
        200: Json<{
          items: Schemas['simulator/control']['Collection'][];
          next?: Schemas['simulator/control']['Cursor'];
        }>;
      } & Pick<Answers['simulator/control'], 404 | 'default'>;
    };
  }>;
  '/_simulator/collections/{system}/{resource}': Methods<{
    /** List what is in a collection, filtered and sorted */
    get: {
      parameters: ParametersIn<{
        query?: {
          /** Comparisons with `;` between those that must all hold: `status==Active;monthlyCharge>=20`. There are ==, !=, >, >=, <, <= and ~ (contains, whatever the case). What is no comparison is looked for in every text. */
          filter?: string;
          /** Properties with commas between, the most significant first; `-` before a descending one. */
          sort?: string;
          /** The number of the page, from 1. */
          page?: number;
          /** The most items to answer. */
          limit?: number;
        };
        path: {
          /** The name of a system, such as connectx. */
          system: string;
          /** The name of a resource, such as Customer. */
          resource: string;
        };
      }>;
      requestBody?: never;
      responses: {
        /** One page. */
        200: Json<{
          items: Record<string, unknown>[];
          /** The id of each item, as the path of its own page takes it. */
          keys: string[];
          /** How many meet the filter, on whatever page. */
          total: number;
          page: number;
          /** The number of the next page, where there is one. */
          next?: string;
        }>;
      } & Pick<Answers['simulator/control'], 400 | 404 | 'default'>;
    };
  }>;
  '/_simulator/collections/{system}/{resource}/{id}': Methods<{
    /** Read one thing with what belongs to it and what may become of it */
    get: {
      parameters: ParametersIn<{
        path: {
          /** The name of a system, such as connectx. */
          system: string;
          /** The name of a resource, such as Customer. */
          resource: string;
          /** The id of the thing, as the keys of its collection have it; a slash in it is written %2F. */
          id: string;
        };
      }>;
      requestBody?: never;
      responses: {
        /** The thing. */
        200: Json<Schemas['simulator/control']['EntityPage']>;
      } & Pick<Answers['simulator/control'], 404 | 'default'>;
    };
  }>;
  '/_simulator/graph/{system}/{resource}/{id}': Methods<{
    /** Read what belongs together with one thing, across systems */
    get: {
      parameters: ParametersIn<{
        query?: {
          /** How many links it is followed. */
          depth?: number;
        };
        path: {
          /** The name of a system, such as connectx. */
          system: string;
          /** The name of a resource, such as Customer. */
          resource: string;
          /** The id of the thing, as the keys of its collection have it; a slash in it is written %2F. */
          id: string;
        };
      }>;
      requestBody?: never;
      responses: {
        /** The things and how they name each other. */
        200: Json<Schemas['simulator/control']['Graph']>;
      } & Pick<Answers['simulator/control'], 404 | 'default'>;
    };
  }>;
  '/_simulator/diff': Methods<{
    /** List what is not as it was in a snapshot, or as it is in another tenant */
    get: {
      parameters: ParametersIn<{
        query?: {
          /** The id of a snapshot of the tenant. */
          from?: string;
          /** The name of another tenant, in place of a snapshot. */
          tenant?: string;
          /** The cursor after which the list begins, the id of an item. */
          after?: string;
          /** The most items to answer. */
          limit?: number;
        };
      }>;
      requestBody?: never;
      responses: {
        /** The differences. */
        200: Json<{
          items: Schemas['simulator/control']['Difference'][];
          next?: Schemas['simulator/control']['Cursor'];
          /** How many there are, on whatever page. */
          total: number;
        }>;
      } & Pick<Answers['simulator/control'], 400 | 404 | 'default'>;
    };
  }>;
  '/_simulator/stories': Methods<{
    /** List the stories that can be played */
    get: {
      parameters: ParametersIn<{
        query?: {
          /** The cursor after which the list begins, the id of an item. */
          after?: string;
          /** The most items to answer. */
          limit?: number;
        };
      }>;
      requestBody?: never;
      responses: {
        /** The stories, by file. */
        200: Json<{
          items: Schemas['simulator/control']['Story'][];
          next?: Schemas['simulator/control']['Cursor'];
        }>;
      } & Pick<Answers['simulator/control'], 404 | 'default'>;
    };
  }>;
  '/_simulator/stories/{id}/play': Methods<{
    /** Play a story, and tell how it goes */
    post: {
      parameters: ParametersIn<{
        path: {
          id: string;
        };
      }>;
      requestBody?: {
        content: { 'application/json': Schemas['simulator/control']['Play'] };
      };
      responses: {
        /** How it went; a failed story is no failed request. */
        200: Answer<{
          'application/json': {
            items: Schemas['simulator/control']['StoryProgress'][];
          };
          'text/event-stream': string;
        }>;
      } & Pick<Answers['simulator/control'], 404 | 'default'>;
    };
  }>;
  '/_simulator/playbooks': Methods<{
    /** List the faults that have a name */
    get: {
      parameters: ParametersIn<{
        query?: {
          /** The cursor after which the list begins, the id of an item. */
          after?: string;
          /** The most items to answer. */
          limit?: number;
        };
      }>;
      requestBody?: never;
      responses: {
        /** The playbooks. */
        200: Json<{
          items: Schemas['simulator/control']['Playbook'][];
          next?: Schemas['simulator/control']['Cursor'];
        }>;
      } & Pick<Answers['simulator/control'], 404 | 'default'>;
    };
  }>;
  '/_simulator/traffic': Methods<{
    /** Tell how the synthetic traffic stands */
    get: {
      parameters: NoParameters;
      requestBody?: never;
      responses: {
        /** The run that was started last. */
        200: Json<Schemas['simulator/control']['Traffic']>;
      } & Pick<Answers['simulator/control'], 'default'>;
    };
    /** Start a synthetic operator's day */
    post: {
      parameters: NoParameters;
      requestBody: {
        content: { 'application/json': Schemas['simulator/control']['TrafficRequest'] };
      };
      responses: {
        /** It runs. */
        201: Json<Schemas['simulator/control']['Traffic']>;
      } & Pick<Answers['simulator/control'], 400 | 'default'>;
    };
    /** End the synthetic traffic */
    delete: {
      parameters: NoParameters;
      requestBody?: never;
      responses: {
        /** Nothing further is begun. */
        204: EmptyAnswer;
      } & Pick<Answers['simulator/control'], 'default'>;
    };
  }>;
  '/_simulator/transcript': Methods<{
    /** Read the canonical record of the tenant */
    get: {
      parameters: ParametersIn<{
        query?: {
          /** `arazzo` writes what was done as a scenario that can be played, `fixture` what was answered as a starting world: each thing as it was shown last. */
          as?: 'jsonl' | 'arazzo' | 'fixture';
          /** The folder of the contracts, as seen from where the scenario is going to be; ../../specs unless told. */
          specs?: string;
        };
      }>;
      requestBody?: never;
      responses: {
        /** One JSON object a line, in commit order; or an Arazzo document, or a starting world, which has no text where nothing was shown. */
        200: Answer<{
          'application/jsonl': string;
          'application/yaml': string;
        }>;
      } & Pick<Answers['simulator/control'], 'default'>;
    };
  }>;
  '/_simulator/transcript/digest': Methods<{
    /** Read the SHA-256 of the transcript */
    get: {
      parameters: NoParameters;
      requestBody?: never;
      responses: {
        /** The digest, and which entries it covers. */
        200: Json<Schemas['simulator/control']['TranscriptDigest']>;
      } & Pick<Answers['simulator/control'], 'default'>;
    };
  }>;
  '/_simulator/coverage': Methods<{
    /** Read what of the contracts has been exercised */
    get: {
      parameters: ParametersIn<{
        query?: {
          /** The cursor after which the list begins, the id of an item. */
          after?: string;
          /** The most items to answer. */
          limit?: number;
        };
      }>;
      requestBody?: never;
      responses: {
        /** By contract, in the order of the contracts. */
        200: Json<Schemas['simulator/control']['Coverage']>;
      } & Pick<Answers['simulator/control'], 'default'>;
    };
    /** Count from nothing again */
    delete: {
      parameters: NoParameters;
      requestBody?: never;
      responses: {
        /** Nothing is counted as exercised any more. */
        204: EmptyAnswer;
      } & Pick<Answers['simulator/control'], 'default'>;
    };
  }>;
  '/_simulator/mcp': Methods<{
    /** Speak the Model Context Protocol */
    post: {
      parameters: ParametersIn<{
        header?: {
          /** The revision that the client speaks. */
          'MCP-Protocol-Version'?: string;
          /** The method of the message, as the revision 2026-07-28 wants it. */
          'Mcp-Method'?: string;
          /** The name of the tool or resource, as the revision 2026-07-28 wants it. */
          'Mcp-Name'?: string;
        };
      }>;
      requestBody: {
        content: { 'application/json': unknown };
      };
      responses: {
        /** The answer, as JSON or as a stream of events. */
        200: Answer<{
          'application/json': unknown;
          'text/event-stream': string;
        }>;
        /** It was a notification, which nothing answers. */
        202: EmptyAnswer;
        /** The message cannot be answered. */
        default: Answer<{
          'application/json': unknown;
          'application/problem+json': Schemas['simulator/control']['Problem'];
        }>;
      };
    };
  }>;
  '/_simulator/metrics': Methods<{
    /** Read counts in the text format of Prometheus */
    get: {
      parameters: NoParameters;
      requestBody?: never;
      responses: {
        /** The counts. */
        200: Answer<{ 'text/plain': string }>;
      } & Pick<Answers['simulator/control'], 'default'>;
    };
  }>;
}

/** Operations by id. */
export interface operations {
  listResources: paths['/aps/2/resources']['get'];
  provisionResource: paths['/aps/2/resources']['post'];
  enableResource: paths['/aps/2/resources/{apsId}/enable']['put'];
  disableResource: paths['/aps/2/resources/{apsId}/disable']['put'];
  getResource: paths['/aps/2/resources/{apsId}']['get'];
  configureResource: paths['/aps/2/resources/{apsId}']['put'];
  unprovisionResource: paths['/aps/2/resources/{apsId}']['delete'];
  getBssSubscriptionsWithTcv: paths['/aps/2/resources/{aps-id}/bss-subscriptions-tcv']['get'];
  getSubscriptionsByVendorSubscriptionId: paths['/aps/2/resources/{aps-id}/getSubscriptionsByVendorSubscriptionId']['get'];
  bill: paths['/aps/2/resources/{aps-id}/subscriptions/bill']['post'];
  createBillingAccount: paths['/billingaccounttmfwebservices/v2/billingAccount']['post'];
  listBillingAccount: paths['/billingaccounttmfwebservices/v2/billingAccount']['get'];
  retrieveBillingAccount: paths['/billingaccounttmfwebservices/v2/billingAccount/{id}']['get'];
  deleteBillingAccount: paths['/billingaccounttmfwebservices/v2/billingAccount/{id}']['delete'];
  patchBillingAccount: paths['/billingaccounttmfwebservices/v2/billingAccount/{id}']['patch'];
  listenToBillingAccountAttributeValueChangeEvent: paths['/billingaccounttmfwebservices/v2/listener/billingAccountAttributeValueChangeEvent']['post'];
  listenToBillingAccountStateChangeEvent: paths['/billingaccounttmfwebservices/v2/listener/billingAccountStateChangeEvent']['post'];
  registerListener: paths['/billingaccounttmfwebservices/v2/hub']['post'];
  unregisterListener: paths['/billingaccounttmfwebservices/v2/hub/{id}']['delete'];
  listCustomers: paths['/v1/customers']['get'];
  createCustomer: paths['/v1/customers']['post'];
  getCustomer: paths['/v1/customers/{customerId}']['get'];
  updateCustomer: paths['/v1/customers/{customerId}']['patch'];
  listCustomerSubscriptions: paths['/v1/customers/{customerId}/subscriptions']['get'];
  createSubscription: paths['/v1/customers/{customerId}/subscriptions']['post'];
  listCustomerInvoices: paths['/v1/customers/{customerId}/invoices']['get'];
  listProducts: paths['/v1/products']['get'];
  submitOrder: paths['/macd/orders']['post'];
  listOrders: paths['/macd/orders']['get'];
  getOrder: paths['/macd/orders/{messageId}']['get'];
  listSubscribers: paths['/macd/subscribers']['get'];
  getSubscriber: paths['/macd/subscribers/{username}']['get'];
  receiveCallback: paths['/macd/callback']['post'];
  readHealth: paths['/_simulator/health']['get'];
  listContracts: paths['/_simulator/contracts']['get'];
  readReload: paths['/_simulator/contracts/reload']['get'];
  readContract: paths['/_simulator/contracts/{system}/{name}']['get'];
  readExamples: paths['/_simulator/contracts/{system}/{name}/examples']['get'];
  explainContract: paths['/_simulator/contracts/{system}/{name}/operations']['get'];
  readClock: paths['/_simulator/clock']['get'];
  setClock: paths['/_simulator/clock']['put'];
  advanceClock: paths['/_simulator/clock/advance']['post'];
  listTimers: paths['/_simulator/timers']['get'];
  listActivity: paths['/_simulator/activity']['get'];
  readTrace: paths['/_simulator/activity/{id}/trace']['get'];
  resetTenant: paths['/_simulator/reset']['post'];
  readPolicies: paths['/_simulator/policies']['get'];
  changePolicies: paths['/_simulator/policies']['put'];
  listSnapshots: paths['/_simulator/snapshots']['get'];
  takeSnapshot: paths['/_simulator/snapshots']['post'];
  restoreSnapshot: paths['/_simulator/snapshots/{id}/restore']['post'];
  listTenants: paths['/_simulator/tenants']['get'];
  makeTenant: paths['/_simulator/tenants/{name}']['put'];
  deleteTenant: paths['/_simulator/tenants/{name}']['delete'];
  forkTenant: paths['/_simulator/tenants/{name}/fork']['post'];
  listRequests: paths['/_simulator/requests']['get'];
  clearRequests: paths['/_simulator/requests']['delete'];
  readRequest: paths['/_simulator/requests/{id}']['get'];
  verifyRequests: paths['/_simulator/requests/verify']['post'];
  listEvents: paths['/_simulator/events']['get'];
  publishEvent: paths['/_simulator/events']['post'];
  receiveMessage: paths['/_simulator/messages']['post'];
  listActions: paths['/_simulator/actions']['get'];
  runAction: paths['/_simulator/actions/{system}/{action}']['post'];
  receiveByGet: paths['/_simulator/inbox/{name}']['get'];
  receiveByPost: paths['/_simulator/inbox/{name}']['post'];
  receiveByPut: paths['/_simulator/inbox/{name}']['put'];
  receiveByPatch: paths['/_simulator/inbox/{name}']['patch'];
  receiveByDelete: paths['/_simulator/inbox/{name}']['delete'];
  listInboxMessages: paths['/_simulator/inbox/{name}/messages']['get'];
  listDeliveries: paths['/_simulator/deliveries']['get'];
  redeliver: paths['/_simulator/deliveries/{id}/redeliver']['post'];
  listWebhooks: paths['/_simulator/webhooks']['get'];
  createWebhook: paths['/_simulator/webhooks']['post'];
  readWebhook: paths['/_simulator/webhooks/{id}']['get'];
  deleteWebhook: paths['/_simulator/webhooks/{id}']['delete'];
  rotateWebhookSecret: paths['/_simulator/webhooks/{id}/rotate-secret']['post'];
  listFaults: paths['/_simulator/faults']['get'];
  addFault: paths['/_simulator/faults']['post'];
  clearFaults: paths['/_simulator/faults']['delete'];
  removeFault: paths['/_simulator/faults/{id}']['delete'];
  listCollections: paths['/_simulator/collections']['get'];
  listEntities: paths['/_simulator/collections/{system}/{resource}']['get'];
  readEntity: paths['/_simulator/collections/{system}/{resource}/{id}']['get'];
  readGraph: paths['/_simulator/graph/{system}/{resource}/{id}']['get'];
  readDiff: paths['/_simulator/diff']['get'];
  listStories: paths['/_simulator/stories']['get'];
  playStory: paths['/_simulator/stories/{id}/play']['post'];
  listPlaybooks: paths['/_simulator/playbooks']['get'];
  readTraffic: paths['/_simulator/traffic']['get'];
  startTraffic: paths['/_simulator/traffic']['post'];
  stopTraffic: paths['/_simulator/traffic']['delete'];
  readTranscript: paths['/_simulator/transcript']['get'];
  readTranscriptDigest: paths['/_simulator/transcript/digest']['get'];
  readCoverage: paths['/_simulator/coverage']['get'];
  clearCoverage: paths['/_simulator/coverage']['delete'];
  receiveMcp: paths['/_simulator/mcp']['post'];
  readMetrics: paths['/_simulator/metrics']['get'];
}

/** The message of each channel. */
export interface Events {
  /** An attribute of a billing account has a new value. */
  'billingAccount/attributeValueChange': Schemas['billing-account/notifications']['BillingAccountAttributeValueChangeEvent'];
  /** A billing account has a new life-cycle state. */
  'billingAccount/stateChange': Schemas['billing-account/notifications']['BillingAccountStateChangeEvent'];
  /** Carries one message for each customer account opened. */
  'customer/created': Schemas['connectx/bss-events']['CustomerEventPayload'];
  /** Carries one message for each change to a customer account. */
  'customer/updated': Schemas['connectx/bss-events']['CustomerEventPayload'];
  /** Carries one message for each subscription that goes live. */
  'subscription/activated': Schemas['connectx/bss-events']['SubscriptionEventPayload'];
  /** Carries one message for each subscription put on hold. */
  'subscription/suspended': Schemas['connectx/bss-events']['SubscriptionEventPayload'];
  /** Carries one message for each subscription brought to an end. */
  'subscription/cancelled': Schemas['connectx/bss-events']['SubscriptionEventPayload'];
  /** Carries one message for each invoice issued. */
  'billing/invoice/created': Schemas['connectx/bss-events']['InvoiceEventPayload'];
  /** Carries one message for each payment booked to an invoice. */
  'billing/payment/received': Schemas['connectx/bss-events']['PaymentEventPayload'];
  /** Responses to orders, in the order of their stages. Each goes to the CallbackURL of its order. */
  'macd/response': Schemas['macd/callbacks']['CallbackResponse'];
}

/** What can be asked for besides the operations. */
export interface Actions {
  connectx: {
    activateSubscription: {
      subscriptionId: string;
    };
    suspendSubscription: {
      subscriptionId: string;
    };
    resumeSubscription: {
      subscriptionId: string;
    };
    cancelSubscription: {
      subscriptionId: string;
      endDate?: string;
    };
    openCustomer: {
      customerType: string;
      email: string;
      companyName?: string;
      firstName?: string;
      lastName?: string;
      phone?: string;
      address?: Record<string, unknown>;
    };
    updateCustomer: {
      customerId: string;
      customerType?: string;
      email?: string;
      companyName?: string;
      firstName?: string;
      lastName?: string;
      phone?: string;
      address?: Record<string, unknown>;
    };
    closeCustomer: {
      customerId: string;
    };
    terminateCustomer: {
      customerId: string;
    };
    cancelInvoice: {
      invoiceId: string;
    };
    setServices: {
      customerId: string;
      holder: string;
      date: string;
      services: unknown[];
    };
    sell: {
      customerId: string;
      product: string;
    };
    followAccount: {
      accountId: string;
      customerId: string;
      isFirst: boolean;
      state: string;
      exemptions: unknown[];
      isPrepaid: boolean;
      plan?: Record<string, unknown>;
      payers?: {
        customerId: string;
        accountId?: string;
        validFor?: Record<string, unknown>;
      }[];
      cycle?: {
        billDay: number;
        months: number;
      };
      isCycleKept?: boolean;
      isCycleNew?: boolean;
    };
    forgetAccount: {
      accountId: string;
    };
    assignSubscription: {
      subscriptionId: string;
      accountId: string;
      customerId: string;
      isFirst: boolean;
    };
    changeBillDay: {
      customerId: string;
      billDay: number;
    };
    topUp: {
      customerId: string;
      amount: number;
      paymentMethod: 'CreditCard' | 'BankTransfer' | 'DirectDebit' | 'Cash';
    };
    followCreditLimit: {
      customerId: string;
      isExceeded: boolean;
      policy: string;
    };
    payOutCredit: {
      customerId: string;
      accountId: string;
      isFirst: boolean;
    };
    runBilling: {
      customerId?: string;
    };
    writeOffInvoice: {
      invoiceId: string;
    };
    refundPayment: {
      paymentId: string;
      amount?: number;
    };
    reversePayment: {
      paymentId: string;
    };
    chargeBackPayment: {
      paymentId: string;
    };
    adjustAccount: {
      customerId: string;
      amount: number;
      reason: string;
    };
    setPaymentMethod: {
      customerId: string;
      method: 'None' | 'CreditCard' | 'BankTransfer' | 'DirectDebit' | 'Cash' | {
        type: 'None' | 'CreditCard' | 'BankTransfer' | 'DirectDebit' | 'Cash';
        failures?: number;
        reason?: string;
      };
    };
    changePlan: {
      subscriptionId: string;
      effectiveDate?: string;
      productId: string;
    };
    addAddon: {
      subscriptionId: string;
      effectiveDate?: string;
      addonId: string;
    };
    removeAddon: {
      subscriptionId: string;
      effectiveDate?: string;
      addonId: string;
    };
    changePrice: {
      subscriptionId: string;
      effectiveDate?: string;
      monthlyCharge: number;
    };
    addCharge: {
      customerId: string;
      description: string;
      amount?: number;
      quantity?: number;
      unitPrice?: number;
    } | {
      subscriptionId: string;
      description: string;
      amount?: number;
      quantity?: number;
      unitPrice?: number;
    };
    readAccount: {
      customerId: string;
    };
    listBalances: Record<string, unknown>;
    recordPayment: {
      invoiceId: string;
      amount: number;
      paymentMethod: 'CreditCard' | 'BankTransfer' | 'DirectDebit' | 'Cash';
    };
  };
  billingAccount: {
    setState: {
      id: string;
      state: string;
    };
    setPaymentStatus: {
      id: string;
      paymentStatus: string;
    };
    openAccount: {
      customerId: string;
      name?: string;
      currency?: string;
    };
    applyAmount: {
      customerId: string;
      amount: number;
      currency: string;
      accountId?: string;
      isOverdue?: boolean;
    };
    markInArrears: {
      customerId: string;
      accountId?: string;
    };
    note: {
      customerId: string;
      text: string;
      accountId?: string;
      paymentStatus?: string;
    };
    assignSubscription: {
      id: string;
      subscriptionId: string;
    };
    setPaymentMethod: {
      customerId: string;
      type: string;
    };
    followCustomer: {
      customerId: string;
      status: string;
    };
    renameCustomer: {
      customerId: string;
      name: string;
    };
    reconcile: {
      balances: {
        customerId: string;
        amount: number;
        currency: string;
      }[];
    };
  };
  apsSubscriptions: {
    openAccount: {
      customer: {
        number: string;
        name: string;
        address?: Record<string, unknown>;
      };
      vendor: string;
    };
    updateAccount: {
      customer: {
        number: string;
        name: string;
        address?: Record<string, unknown>;
      };
    };
    mirrorSubscription: {
      customer: {
        number: string;
        name: string;
        address?: Record<string, unknown>;
      };
      holding: {
        subscriptionId: string;
        monthlyCharge: number;
        currency: string;
        status: string;
        startDate?: string;
        endDate?: string;
      };
    };
    updateSubscription: Record<string, unknown>;
    setSubscriptionStatus: {
      vendorSubscriptionId: string;
      status: string;
      serviceStatus?: string;
    };
    setRenewal: {
      id: string;
      renewal: 'automatic' | 'manual';
    };
    renewSubscription: {
      id: string;
    };
    recordUsage: {
      id: string;
      quantity: number;
      unitPrice?: number;
      description?: string;
    };
    listCharges: {
      id?: string;
    };
  };
  macd: {
    sendOrder: {
      target: string;
      order: Record<string, unknown>;
      envelope?: Record<string, unknown>;
      delays?: {
        send?: string;
        resend?: string;
        timeout?: string;
      };
    };
    reconcile: {
      customer?: string;
      messageId?: string;
      users?: {
        username: string;
        state?: string;
        customer?: string;
        location?: string;
        user?: Record<string, unknown>;
      }[];
    };
    scriptOutcome: {
      match?: {
        order?: string;
        user?: string;
        operation?: string;
        customer?: string;
        location?: string;
      };
      stage?: 'Parsing' | 'ActiveOrder' | 'MobileOrder' | 'MobileMigrated';
      status?: 'Success' | 'Warning' | 'Error';
      text?: string;
      delay?: string;
      late?: string;
      silence?: boolean;
      duplicate?: boolean;
      wrongOrder?: boolean;
      count?: number;
      chance?: number;
    };
    clearOutcomes: {
      id?: string;
    };
    disconnectUsers: {
      usernames: string[];
    };
    holdSite: {
      customer: string;
      location: string;
    };
    releaseSite: {
      customer: string;
      location: string;
    };
  };
}

/** All of it, for `SimulatorTenant<Contracts>`. */
export interface Contracts {
  entities: Entities;
  paths: paths;
  operations: operations;
  events: Events;
  actions: Actions;
}
