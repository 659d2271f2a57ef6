// Settings of which files of this machine may be read.
import { list, setting } from './setting.js'

export const fileSettings = {
  localFiles: setting(
    list(),
    'Folders whose files may go into packages and uploads, or none. Default: the home folder and the working directory. Hidden files never; not used by serve.',
    { flag: '--local-files', env: ['QUILT_LOCAL_FILES'], value: 'folder', list: true },
  ),
}
