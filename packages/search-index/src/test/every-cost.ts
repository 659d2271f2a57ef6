// Costs by which a search goes each of its ways, whatever little there is to be searched.
import { type Costs, usualCosts } from '../searching/meaning.js'

export const everyCost: readonly Costs[] = [
  usualCosts,
  // As if there were very much of everything.
  { fewRows: 0, listed: 0, fewPackages: 0, fewStretches: 9, narrow: 0, askingOne: 0 },
  // As if there were much, of which the numbers can be listed.
  { ...usualCosts, fewRows: 0, fewPackages: 0, fewStretches: 0, narrow: 0 },
]
