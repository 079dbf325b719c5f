import './styles/tokens.css'
import './styles/base.css'
import './styles/parts.css'
import './styles/shell.css'
import './styles/lists.css'
import { render } from 'preact'
import { App } from './shell/app.tsx'

const container = document.getElementById('app')
if (container !== null) render(<App />, container)
