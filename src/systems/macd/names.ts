import type { CastMember, CastUser } from '../../operator/cast.ts';

/** The site of a company as orders name it: `<CODE>-<City>`. */
export function locationOf({ site }: CastMember): string {
  return site === undefined ? '' : `${site.code}-${site.city}`;
}

/** The hardware group that a company's telephones are in: `<Customer>-CL<n>-NDL`. */
export function hardwareGroupOf({ shortName, site }: CastMember): string {
  return site === undefined ? '' : `${shortName}-CL${site.cluster}-NDL`;
}

/** A user's desk telephone, named after its MAC address as Cisco's are. */
export function deviceOf({ telephone }: CastUser) {
  return { Model: 'Cisco 8841', Name: `SEP${telephone}` };
}
