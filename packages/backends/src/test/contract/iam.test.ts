import { behavesAsBackend } from './behaves-as-backend.js'
import { iamWorld } from './iam-world.js'

behavesAsBackend('iam', iamWorld)
