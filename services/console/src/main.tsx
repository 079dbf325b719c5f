import './styles/tokens.css'
import './styles/base.css'
import './styles/parts.css'
import './styles/shell.css'
import './styles/lists.css'
import { render } from 'preact'
import { App } from './shell/app.tsx'
import { warmUp } from './shell/warm-up.ts'

warmUp(location.pathname)
const container = document.getElementById('app')
if (container !== null) render(<App />, container)
